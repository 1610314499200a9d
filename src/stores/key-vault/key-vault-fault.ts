/** Why a request to Key Vault failed (key-vault-store.ts makes a StoreError of it), told from its status and from codes, never from its texts. */
import { StoreFault } from '../store-fault.ts';
import type { StoreFaultDetails } from '../store-fault.ts';

/** An answer came after all, so that nothing of the request is under way any more; what it did is not known. */
export class AnsweredFault extends StoreFault {}

/** It will not be otherwise before somebody changes something, and nothing was done. */
export function finalFault(because: string, hint: string): StoreFault {
  return new StoreFault({ because, hint, retryable: false, effect: 'none' });
}

/** Of a request that changes something, and of which no answer tells whether it did. */
export function doubtful(fault: StoreFault, seen = 'it is not known whether it was written'): StoreFault {
  return new StoreFault({
    because: `${fault.because}; ${seen}`,
    hint: `Read it before you write it again. ${fault.hint}`,
    retryable: fault.retryable,
    effect: 'unknown',
  });
}

/** Key Vault, or something between, answered what Key Vault does not answer. */
export function nonsense(what: string): StoreFault {
  return new StoreFault({
    because: what,
    hint: 'Check that AZURE_KEYVAULT_URI is the address of the vault itself, and not of a proxy or a portal.',
    retryable: false,
    effect: 'unknown',
  });
}

/** @property code of `error`, then of each `innererror` in it. @property message for comparison only: it quotes names, callers and tokens' claims */
export type ServiceError = { readonly codes: readonly string[]; readonly message: string };

/** @returns nothing in it where the body is something else */
export function parseServiceError(text: string): ServiceError {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { codes: [], message: '' };
  }
  const codes: string[] = [];
  let error = asRecord(asRecord(parsed)?.['error']);
  const message = error?.['message'];
  for (let depth = 0; error !== undefined && depth < 5; depth++) {
    if (typeof error['code'] === 'string') codes.push(error['code']);
    error = asRecord(error['innererror'] ?? error['innerError']);
  }
  return { codes, message: typeof message === 'string' ? message : '' };
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** The statuses that mean the same for every request; undefined for those that only its sender can read (200, 204, 403, 404, 409, 413). @param retryAfter in ms, if it is told */
export function faultOfStatus(
  status: number,
  { codes, message }: ServiceError,
  retryAfter: () => number | undefined,
): StoreFault | undefined {
  const fault = (because: string, hint: string, more: Omit<StoreFaultDetails, 'because' | 'hint'>): StoreFault =>
    new StoreFault({ because, hint, ...more });
  if (status === 403 && codes.some((code) => code === 'ForbiddenByFirewall' || code === 'ForbiddenByConnection'))
    return finalFault(
      'the network rules of the vault do not let this machine in',
      'Use a network that the vault allows, or have this address added to its firewall (az keyvault network-rule add).',
    );
  if ([200, 204, 403, 404, 409, 413].includes(status)) return undefined;
  const retryAfterMs = retryAfter();
  switch (status) {
    case 400:
      return finalFault(
        'Key Vault refuses it as malformed (400)',
        'Check its name, its value (it must not be empty), its tags and its expiry against the limits of Key Vault.',
      );
    case 401:
      return refusedToken(message);
    case 429:
      return fault(
        `Key Vault asks to slow down (429)${retryAfterMs === undefined ? '' : `, and to wait ${Math.ceil(retryAfterMs / 1000)} s`}`,
        'Try again later, or allow fewer calls: others use the same vault and subscription.',
        // Without Retry-After the budget, which everybody waits for, knows how long.
        {
          retryable: true,
          effect: 'none',
          worthRepeating: true,
          retryAfterMs: retryAfterMs ?? 0,
          trouble: 'throttled',
        },
      );
  }
  if (status === 408 || status >= 500)
    // Behind 502 and 504 is a gateway that does not know what goes on behind it.
    return new (status === 500 || status === 503 ? AnsweredFault : StoreFault)({
      because: `Key Vault failed (${status})`,
      hint: 'Try again in a while; then look at the health of Azure.',
      retryable: true,
      effect: 'unknown',
      worthRepeating: status !== 501 && status !== 505,
      retryAfterMs,
    });
  return nonsense(`Key Vault answered with status ${status}`);
}

/** 401 to a token that was new. AKV10022, AKV10032 and [TokenExpired]: what the service is known to say. */
function refusedToken(message: string): StoreFault {
  if (message.includes('AKV10022'))
    return finalFault(
      'Key Vault does not take the token: it is for another audience',
      'Check that AZURE_ENVIRONMENT (and AZURE_AUTHORITY_HOST) are those of the cloud that the vault is in.',
    );
  if (message.includes('AKV10032'))
    return finalFault(
      'Key Vault does not take the token: another tenant issued it',
      'Set AZURE_TENANT_ID to the tenant of the vault, or log in to it: az login --tenant <tenant>',
    );
  if (message.includes('TokenExpired') || message.includes('expired'))
    return finalFault(
      'Key Vault does not take the token: it has expired',
      'Log in again (az login), and check the clock of this machine.',
    );
  return finalFault('Key Vault does not take the token', 'Log in again: az login; or check the identity that is used.');
}
