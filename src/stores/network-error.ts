/** What went wrong below HTTP, told from the error's code alone: its text may hold anything. */
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

/** @param code of a Node error, such as ECONNREFUSED */
export function parseNetworkError(code: string): NetworkError {
  const known = byCode[code];
  if (known !== undefined) return known;
  if (code.includes('ALERT')) return 'refused by TLS';
  if (code.startsWith('ERR_SSL')) return 'not TLS';
  return code.startsWith('HPE_') ? 'not HTTP' : 'cut off';
}
