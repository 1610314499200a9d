/** What went wrong below HTTP, told from the error's code alone: its text may hold anything. */
import { VaultFault } from './vault-fault.ts';

const untrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
]);

/**
 * @param code of a Node error, such as ECONNREFUSED
 * @param reached whether the connection was there; before that nothing can have been sent
 */
export function networkFault(code: string, address: string, reached: boolean): VaultFault {
  const effect = reached ? 'unknown' : 'none';
  const fault = (because: string, hint: string, retryable: boolean, worthRepeating = retryable): VaultFault =>
    new VaultFault({ because, hint, retryable, effect, worthRepeating });

  if (untrusted.has(code))
    return fault(
      `the certificate of ${address} is not trusted`,
      'Set VAULT_CACERT to the file of the CA that signed it.',
      false,
    );
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return fault(
      `the certificate of ${address} has expired or is not valid yet`,
      'Renew it, or set the clock of this machine right.',
      false,
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return fault(
      `the certificate of ${address} is for another host name`,
      'Use a name in VAULT_ADDR that the certificate has.',
      false,
    );
  if (code.includes('ALERT') || code === 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE')
    return fault(
      `${address} refused the TLS connection (${code})`,
      'Where Vault asks for a client certificate, set VAULT_CLIENT_CERT and VAULT_CLIENT_KEY.',
      false,
    );
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return fault(`${address} does not speak TLS`, 'Correct VAULT_ADDR: http:// where Vault runs without TLS.', false);
  if (code.startsWith('HPE_'))
    return fault(`${address} does not speak HTTP`, 'Correct VAULT_ADDR; https:// where Vault has TLS.', false);

  switch (code) {
    case 'ENOTFOUND':
      return fault(`there is no host of that name (${address})`, 'Correct VAULT_ADDR.', true, false);
    case 'ECONNREFUSED':
      return fault(`nothing listens at ${address}`, 'Start Vault, or correct VAULT_ADDR.', true);
    case 'EAI_AGAIN':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return fault(
        `${address} cannot be reached (${code})`,
        'Check the network, the VPN and the port-forward; then VAULT_ADDR.',
        true,
      );
    default:
      return fault(`${address} closed the connection (${code})`, 'Try again; then look at the log of Vault.', true);
  }
}

export function timeoutFault(address: string, timeoutMs: number, reached: boolean): VaultFault {
  return new VaultFault({
    because: `${address} did not answer within ${timeoutMs} ms`,
    hint: 'Check that it can be reached (vault status), or allow more time.',
    retryable: true,
    effect: reached ? 'unknown' : 'none',
    worthRepeating: true,
  });
}
