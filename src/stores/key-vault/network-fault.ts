/** What to do about what went wrong below HTTP: between us and the vault, or the service that gives tokens. */
import { describeNetworkError } from '../network-error.ts';
import type { NetworkError } from '../network-error.ts';
import { StoreFault } from '../store-fault.ts';

const correct = 'Correct AZURE_KEYVAULT_NAME or AZURE_KEYVAULT_URI (for tokens AZURE_AUTHORITY_HOST).';

const hints: Readonly<Record<NetworkError, string>> = {
  untrusted: 'Set LOCKSTEP_AZURE_CACERT to the file of the CA that signed it: your company may look into TLS.',
  expired: 'Renew it, or set the clock of this machine right.',
  'another host': correct,
  'refused by TLS': correct,
  'not TLS': correct,
  'not HTTP': correct,
  'no such host': `${correct} A vault that is deleted has no name, and a private one only in its own network.`,
  'nothing listens': correct,
  unreachable: 'Check the network, the VPN and the proxy.',
  'cut off': 'Try again in a moment.',
};

/** Parameters: describeNetworkError. */
export function networkFault(code: string, address: string, reached: boolean): StoreFault {
  return new StoreFault(describeNetworkError(code, address, reached, hints));
}

export function timeoutFault(address: string, timeoutMs: number, reached: boolean): StoreFault {
  return new StoreFault({
    because: `${address} did not answer within ${timeoutMs} ms`,
    hint: 'Check the network, or allow more time.',
    retryable: true,
    effect: reached ? 'unknown' : 'none',
    worthRepeating: true,
    trouble: 'network',
  });
}
