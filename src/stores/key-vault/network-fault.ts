/** What to do about what went wrong below HTTP: between us and the vault, or the service that gives tokens. */
import { parseNetworkError } from '../network-error.ts';
import { StoreFault } from '../store-fault.ts';

/**
 * @param code of a Node error, such as ECONNREFUSED
 * @param reached whether the connection was there; before that nothing can have been sent
 */
export function networkFault(code: string, address: string, reached: boolean): StoreFault {
  const effect = reached ? 'unknown' : 'none';
  const fault = (because: string, hint: string, retryable: boolean, worthRepeating = retryable): StoreFault =>
    new StoreFault({ because, hint, retryable, effect, worthRepeating });
  const correct = 'Correct AZURE_KEYVAULT_NAME or AZURE_KEYVAULT_URI (for tokens AZURE_AUTHORITY_HOST).';

  switch (parseNetworkError(code)) {
    case 'untrusted':
      return fault(
        `the certificate of ${address} is not trusted`,
        'Set LOCKSTEP_AZURE_CACERT to the file of the CA that signed it: your company may look into TLS.',
        false,
      );
    case 'expired':
      return fault(
        `the certificate of ${address} has expired or is not valid yet`,
        'Renew it, or set the clock of this machine right.',
        false,
      );
    case 'another host':
      return fault(`the certificate of ${address} is for another host name`, correct, false);
    case 'refused by TLS':
      return fault(`${address} refused the TLS connection (${code})`, correct, false);
    case 'not TLS':
      return fault(`${address} does not speak TLS`, correct, false);
    case 'not HTTP':
      return fault(`${address} does not speak HTTP`, correct, false);
    case 'no such host':
      return fault(
        `there is no host of that name (${address})`,
        `${correct} A vault that is deleted has no name, and a private one only in its own network.`,
        true,
        false,
      );
    case 'nothing listens':
      return fault(`nothing listens at ${address}`, correct, true);
    case 'unreachable':
      return fault(`${address} cannot be reached (${code})`, 'Check the network, the VPN and the proxy.', true);
    case 'cut off':
      return fault(`${address} closed the connection (${code})`, 'Try again in a moment.', true);
  }
}

export function timeoutFault(address: string, timeoutMs: number, reached: boolean): StoreFault {
  return new StoreFault({
    because: `${address} did not answer within ${timeoutMs} ms`,
    hint: 'Check the network, or allow more time.',
    retryable: true,
    effect: reached ? 'unknown' : 'none',
    worthRepeating: true,
  });
}
