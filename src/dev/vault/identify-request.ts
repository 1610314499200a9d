/** What a request asks for, for faults and the log. */
import type { HttpRequest } from '../http/http-request.ts';
import { parseTarget, readOperation } from './request-target.ts';
import type { RequestedOperation } from './request-target.ts';

/** @returns path: decoded, without `/v1/` */
export function identifyRequest({ method, target }: HttpRequest): {
  operation: RequestedOperation | undefined;
  path: string;
} {
  const parsed = parseTarget(target, method);
  if (!('path' in parsed)) return { operation: undefined, path: '' };
  const asked = readOperation(method, parsed.query);
  return { operation: asked === 'bad-list' ? undefined : asked, path: parsed.path };
}

/** A token does not belong in a path, but old clients put it there (`auth/token/lookup/<token>`); such a path is not served, nor shown. */
export function showPath(path: string): string {
  return path
    .replace(/^(auth\/token\/[^/]+\/).+$/, '$1<redacted>')
    .replace(/\b(?:hv[sbr]|[sbr])\.[\w-]{20,}/g, '<redacted>');
}
