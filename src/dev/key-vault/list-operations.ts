/**
 * The three lists: pages of at most 25, each with a link to the next. A page starts at a key and not at a count, so that what is added or deleted
 * between two pages moves nothing.
 */
import { invalidMaxResults, invalidSkipToken } from './key-vault-errors.ts';
import type { KeyVaultError, KeyVaultReply } from './key-vault-reply.ts';
import { renderDeletedSecret, renderSecret } from './secret-bundle.ts';
import { parseSkipToken, renderSkipToken } from './skip-token.ts';
import type { SortedKeys } from './sorted-keys.ts';
import { keyOf } from './vault-secrets.ts';
import { ok } from './vault-context.ts';
import type { OperationHandler, OperationRequest } from './vault-context.ts';

const maxPage = 25;

const listSecrets: OperationHandler = (request) => {
  const { vault, api, nowMs } = request;
  const { secrets, traits } = vault;
  return renderPage(request, '/secrets', '', secrets.live, (key) => {
    const found = secrets.find(key, nowMs);
    if (found?.state !== 'live') return undefined;
    return renderSecret(traits, api, found.secret, secrets.latest(found.secret), { version: false });
  });
};

const listDeletedSecrets: OperationHandler = (request) => {
  const { vault, api, nowMs } = request;
  const { secrets, traits } = vault;
  return renderPage(request, '/deletedsecrets', '', secrets.deleted, (key) => {
    const found = secrets.find(key, nowMs);
    if (found?.state !== 'deleted') return undefined;
    return renderDeletedSecret(traits, api, found.secret, secrets.latest(found.secret), { version: false });
  });
};

/** In the order of the versions' ids, which says nothing of their age [rep]. A secret that is not there has none, as the SDKs' tests expect. */
const listSecretVersions: OperationHandler = (request) => {
  const { vault, api, route, nowMs } = request;
  const { secrets, traits } = vault;
  const key = keyOf(route.name);
  const found = secrets.find(key, nowMs);
  if (found?.state !== 'live') return ok({ value: [], nextLink: null });
  const { secret } = found;
  return renderPage(request, `/secrets/${route.name}/versions`, `${key}/`, secrets.versions(secret), (id) => {
    const version = secrets.version(secret, id);
    return version === undefined ? undefined : renderSecret(traits, api, secret, version, { version: true });
  });
};

/**
 * @param prefix what stands before the keys in a token, so that one of another list is refused
 * @param render undefined where the key is not to be shown now
 */
function renderPage(
  { query, vault }: OperationRequest,
  path: string,
  prefix: string,
  keys: SortedKeys,
  render: (key: string) => object | undefined,
): KeyVaultReply {
  const start = readStart(query, prefix);
  if (typeof start !== 'string') return start;
  const size = readSize(query);
  if (size === undefined) return invalidMaxResults;
  const value: object[] = [];
  let key = keys.from(start);
  for (; key !== undefined; key = keys.after(key)) {
    const item = render(key);
    if (item === undefined) continue;
    // One more is looked at than is shown: the last page says that it is the last.
    if (value.length === size) break;
    value.push(item);
  }
  const nextLink = key === undefined ? null : renderLink(vault.traits.baseUrl, path, query, prefix + key);
  return ok({ value, nextLink });
}

function readSize(query: ReadonlyMap<string, string>): number | undefined {
  const text = query.get('maxresults');
  if (text === undefined) return maxPage;
  const size = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return size >= 1 && size <= maxPage ? size : undefined;
}

function readStart(query: ReadonlyMap<string, string>, prefix: string): string | KeyVaultError {
  const token = query.get('$skiptoken');
  if (token === undefined) return '';
  const key = parseSkipToken(token);
  if (key === undefined || !key.startsWith(prefix) || key.slice(prefix.length).includes('/')) return invalidSkipToken;
  return key.slice(prefix.length);
}

/** With its port, which ids do not have, and with the parameters in this order [rec]. */
function renderLink(baseUrl: string, path: string, query: ReadonlyMap<string, string>, key: string): string {
  const base = /:\d+$/.test(baseUrl) ? baseUrl : `${baseUrl}:443`;
  const size = query.get('maxresults');
  const version = query.get('api-version') ?? '';
  return `${base}${path}?api-version=${version}&$skiptoken=${renderSkipToken(key)}${size === undefined ? '' : `&maxresults=${size}`}`;
}

export const listOperations = {
  SecretList: listSecrets,
  SecretListDeleted: listDeletedSecrets,
  SecretListVersions: listSecretVersions,
};
