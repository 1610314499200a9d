/** What went wrong below HTTP, told from the error's code alone: its text may hold anything. */
import type { StoreFaultDetails } from './store-fault.ts';

export type NetworkError =
  | 'untrusted'
  | 'expired'
  | 'another host'
  | 'refused by TLS'
  | 'not TLS'
  | 'not HTTP'
  | 'no such host'
  | 'nothing listens'
  | 'unreachable'
  | 'cut off';

const byCode: Readonly<Record<string, NetworkError>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  CERT_UNTRUSTED: 'untrusted',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'another host',
  EPROTO: 'not TLS',
  ENOTFOUND: 'no such host',
  ECONNREFUSED: 'nothing listens',
  EAI_AGAIN: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'unreachable',
};

/**
 * What happened in words, with what a caller can know of it; what to do about it is the store's to say.
 * @param code of a Node error, such as ECONNREFUSED
 * @param reached whether the connection was there; before that nothing can have been sent
 */
export function describeNetworkError(
  code: string,
  address: string,
  reached: boolean,
  hints: Readonly<Record<NetworkError, string>>,
): StoreFaultDetails {
  const kind = parseNetworkError(code);
  const { words, retryable = false } = descriptions[kind];
  return {
    because: words(address, code),
    hint: hints[kind],
    retryable,
    effect: reached ? 'unknown' : 'none',
    // A name that is not there will not be in a second.
    worthRepeating: retryable && kind !== 'no such host',
    trouble: 'network',
  };
}

type Description = { readonly words: (address: string, code: string) => string; readonly retryable?: boolean };

const descriptions: Readonly<Record<NetworkError, Description>> = {
  untrusted: { words: (address) => `the certificate of ${address} is not trusted` },
  expired: { words: (address) => `the certificate of ${address} has expired or is not valid yet` },
  'another host': { words: (address) => `the certificate of ${address} is for another host name` },
  'refused by TLS': { words: (address, code) => `${address} refused the TLS connection (${code})` },
  'not TLS': { words: (address) => `${address} does not speak TLS` },
  'not HTTP': { words: (address) => `${address} does not speak HTTP` },
  'no such host': { words: (address) => `there is no host of that name (${address})`, retryable: true },
  'nothing listens': { words: (address) => `nothing listens at ${address}`, retryable: true },
  unreachable: { words: (address, code) => `${address} cannot be reached (${code})`, retryable: true },
  'cut off': { words: (address, code) => `${address} closed the connection (${code})`, retryable: true },
};

function parseNetworkError(code: string): NetworkError {
  const known = byCode[code];
  if (known !== undefined) return known;
  if (code.includes('ALERT')) return 'refused by TLS';
  if (code.startsWith('ERR_SSL')) return 'not TLS';
  return code.startsWith('HPE_') ? 'not HTTP' : 'cut off';
}
