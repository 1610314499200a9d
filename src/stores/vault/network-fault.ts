/** What to do about what went wrong below HTTP. */
import { parseNetworkError } from '../network-error.ts';
import { VaultFault } from './vault-fault.ts';

/**
 * @param code of a Node error, such as ECONNREFUSED
 * @param reached whether the connection was there; before that nothing can have been sent
 */
export function networkFault(code: string, address: string, reached: boolean): VaultFault {
  const effect = reached ? 'unknown' : 'none';
  const fault = (because: string, hint: string, retryable: boolean, worthRepeating = retryable): VaultFault =>
    new VaultFault({ because, hint, retryable, effect, worthRepeating });

  switch (parseNetworkError(code)) {
    case 'untrusted':
      return fault(
        `the certificate of ${address} is not trusted`,
        'Set VAULT_CACERT to the file of the CA that signed it.',
        false,
      );
    case 'expired':
      return fault(
        `the certificate of ${address} has expired or is not valid yet`,
        'Renew it, or set the clock of this machine right.',
        false,
      );
    case 'another host':
      return fault(
        `the certificate of ${address} is for another host name`,
        'Use a name in VAULT_ADDR that the certificate has.',
        false,
      );
    case 'refused by TLS':
      return fault(
        `${address} refused the TLS connection (${code})`,
        'Where Vault asks for a client certificate, set VAULT_CLIENT_CERT and VAULT_CLIENT_KEY.',
        false,
      );
    case 'not TLS':
      return fault(`${address} does not speak TLS`, 'Correct VAULT_ADDR: http:// where Vault runs without TLS.', false);
    case 'not HTTP':
      return fault(`${address} does not speak HTTP`, 'Correct VAULT_ADDR; https:// where Vault has TLS.', false);
    case 'no such host':
      return fault(`there is no host of that name (${address})`, 'Correct VAULT_ADDR.', true, false);
    case 'nothing listens':
      return fault(`nothing listens at ${address}`, 'Start Vault, or correct VAULT_ADDR.', true);
    case 'unreachable':
      return fault(
        `${address} cannot be reached (${code})`,
        'Check the network, the VPN and the port-forward; then VAULT_ADDR.',
        true,
      );
    case 'cut off':
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
