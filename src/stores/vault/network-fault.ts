/** What to do about what went wrong below HTTP. */
import { describeNetworkError } from '../network-error.ts';
import type { NetworkError } from '../network-error.ts';
import { VaultFault } from './vault-fault.ts';

const hints: Readonly<Record<NetworkError, string>> = {
  untrusted: 'Set VAULT_CACERT to the file of the CA that signed it.',
  expired: 'Renew it, or set the clock of this machine right.',
  'another host': 'Use a name in VAULT_ADDR that the certificate has.',
  'refused by TLS': 'Where Vault asks for a client certificate, set VAULT_CLIENT_CERT and VAULT_CLIENT_KEY.',
  'not TLS': 'Correct VAULT_ADDR: http:// where Vault runs without TLS.',
  'not HTTP': 'Correct VAULT_ADDR; https:// where Vault has TLS.',
  'no such host': 'Correct VAULT_ADDR.',
  'nothing listens': 'Start Vault, or correct VAULT_ADDR.',
  unreachable: 'Check the network, the VPN and the port-forward; then VAULT_ADDR.',
  'cut off': 'Try again; then look at the log of Vault.',
};

/** Parameters: describeNetworkError. */
export function networkFault(code: string, address: string, reached: boolean): VaultFault {
  return new VaultFault(describeNetworkError(code, address, reached, hints));
}

export function timeoutFault(address: string, timeoutMs: number, reached: boolean): VaultFault {
  return new VaultFault({
    because: `${address} did not answer within ${timeoutMs} ms`,
    hint: 'Check that it can be reached (vault status), or allow more time.',
    retryable: true,
    effect: reached ? 'unknown' : 'none',
    worthRepeating: true,
    trouble: 'network',
  });
}
