/** `find` in Vault: a list of every folder below a path, then each secret that matches (vault GetAllSecrets). */
import { cachedRegexp, nameMatcher } from '../cached-regexp.ts';
import { GoError, Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { goString } from '../go/go-string.ts';
import { unmarshal } from '../go/json.ts';
import type { ListedProviderSecret, ProviderRequest } from '../provider.ts';
import type { Find, Store, VaultProvider } from '../resources.ts';
import type { SecretMap } from './provider-client.ts';
import { noSecret, unreadable } from './provider-client.ts';
import { vaultError } from './vault-error.ts';
import { dataPath, listPath } from './vault-path.ts';
import type { VaultContext as Context } from './vault-value.ts';
import { checkToken, valueOf } from './vault-value.ts';

type ListRequest = Extract<ProviderRequest, { kind: 'vault-secrets' }>;

export function findRequests(store: Store, config: VaultProvider, find: Find): ProviderRequest[] {
  return config.version === 'v1' && find.tags !== undefined ? [] : [listRequest(store, config, find)];
}

/** A name's expression sees the whole path, as given in `find.path`; with tags every secret's metadata is wanted, and its value may be. */
function listRequest(store: Store, config: VaultProvider, find: Find): ListRequest {
  const source = find.name?.regexp;
  const folder = folderOf(find);
  const matches = source === undefined ? () => true : nameMatcher(source);
  return {
    kind: 'vault-secrets',
    store,
    path: listPath(folder, config),
    id: JSON.stringify([source ?? null, source === undefined ? Object.entries(find.tags ?? {}) : null]),
    match: (name) => matches(folder + name),
  };
}

function folderOf({ path }: Find): string {
  return path === undefined ? '' : `${path}/`;
}

export function getAllSecrets(context: Context, find: Find): SecretMap {
  const { config, store } = context;
  if (config.version === 'v1' && find.tags !== undefined)
    throw new GoError('cannot perform find by tag operations with kv version v1', 'store-configuration');
  const request = listRequest(store, config, find);
  const secrets = list(context, request);
  if (find.name !== undefined) {
    const { regexp } = find.name;
    cachedRegexp(regexp, `could not compile find.name.regexp [${regexp}]: `);
  }
  const wanted = Object.entries(find.name === undefined ? (find.tags ?? {}) : {});
  const found: SecretMap = new Map();
  for (const secret of secrets) {
    const tags = secret.tags ?? {};
    if (!request.match(secret.name)) continue;
    if (!wanted.every(([tag, value]) => Object.hasOwn(tags, tag) && tags[tag] === value)) continue;
    const name = folderOf(find) + secret.name;
    checkPath(request, secret.name, name, config);
    const value = valueOfListed(context, secret, name);
    if (value !== undefined) found.set(goString(name), value);
  }
  return found;
}

function list(context: Context, request: ListRequest): readonly ListedProviderSecret[] {
  checkToken(context);
  const answer = context.read(request);
  switch (answer.kind) {
    case 'list':
      return answer.secrets;
    case 'missing':
      throw noSecret();
    case 'no-data-field':
      return [];
    case 'refused':
      throw vaultError(answer, context.config, request.path.replace(/\/$/, ''), 'list=true');
    case 'forbidden-to-us':
    case 'unknown':
      throw unreadable(answer, `the list of Vault path ${request.path}`);
    default:
      throw new Unpredictable('store', `Vault path ${request.path} was not answered as a list`);
  }
}

/** What is listed is then read by its name, and a name that begins with the store's own path is read elsewhere. */
function checkPath(request: ListRequest, listed: string, name: string, config: VaultProvider): void {
  const folder = config.version === 'v2' ? request.path.replace('/metadata/', '/data/') : request.path;
  if (dataPath(name, config) !== folder + listed)
    throw new Unpredictable('store', `what is listed at ${request.path} is read at another path`);
}

/** A deleted secret is passed over. */
function valueOfListed(context: Context, { answer }: ListedProviderSecret, name: string): GoString | undefined {
  if (answer === undefined) throw new Unpredictable('store', `Vault secret ${name} was not read`);
  switch (answer.kind) {
    case 'missing':
      return undefined;
    case 'present': {
      const data = unmarshal(answer.secret.value, 'literal');
      return data.kind === 'map' ? valueOf(data.entries, '') : undefined;
    }
    case 'no-data-field':
      if (context.config.version === 'v2') throw new GoError('failed to find data field', 'provider');
      return undefined;
    case 'refused':
      throw vaultError(answer, context.config, dataPath(name, context.config), '');
    case 'forbidden-to-us':
    case 'unknown':
      throw unreadable(answer, `Vault secret ${name}`);
    default:
      throw new Unpredictable('store', `Vault secret ${name} was not answered as a secret of Vault`);
  }
}
