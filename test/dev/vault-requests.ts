/** Requests, shortly. */
import type { Ask } from './vault-client.ts';

export const get = (path: string, more: Partial<Ask> = {}): Ask => ({ method: 'GET', path, ...more });
export const list = (path: string, more: Partial<Ask> = {}): Ask => ({ method: 'LIST', path, ...more });
export const post = (path: string, body?: unknown, more: Partial<Ask> = {}): Ask => ({
  method: 'POST',
  path,
  body,
  ...more,
});
export const put = (path: string, body?: unknown, more: Partial<Ask> = {}): Ask => ({
  method: 'PUT',
  path,
  body,
  ...more,
});
export const patch = (path: string, body?: unknown, more: Partial<Ask> = {}): Ask => ({
  method: 'PATCH',
  path,
  body,
  ...more,
});
export const remove = (path: string, more: Partial<Ask> = {}): Ask => ({ method: 'DELETE', path, ...more });
