/** Azure Key Vault as the operator reads it (azure/keyvault: GetSecret, GetSecretMap, GetAllSecrets). */
import { nameMatcher } from '../cached-regexp.ts';
import { GoError, Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { goString } from '../go/go-string.ts';
import { unmarshalRawMap, unmarshalString } from '../go/json.ts';
import type { ProviderAnswer, ProviderRequest, ProviderSecret, Tags } from '../provider.ts';
import type { AzureProvider, Find, RemoteReference, Store } from '../resources.ts';
import { keyVaultError } from './key-vault-error.ts';
import { property } from './key-vault-property.ts';
import { secretMapOfTags, secretTag } from './key-vault-tags.ts';
import type { ProviderClient, ReadContext, SecretMap } from './provider-client.ts';
import { noSecret, unreadable } from './provider-client.ts';

type Context = ReadContext<AzureProvider>;

export const keyVault: ProviderClient<AzureProvider> = {
  requests: (store, _config, entry) => {
    if ('find' in entry) return [findRequest(store, entry.find)];
    return parseKey(entry.reference).type === 'secret' ? [secretRequest(store, entry.reference)] : [];
  },
  getSecret,
  getSecretMap,
  getAllSecrets,
};

/** `secret/name`, `key/name`, `cert/name` or `name`; what follows a second slash is ignored. */
function parseKey({ key }: RemoteReference): { readonly type: string; readonly name: string } {
  const [first = '', second] = key.split('/');
  return second === undefined ? { type: 'secret', name: first } : { type: first, name: second };
}

function secretRequest(store: Store, reference: RemoteReference): ProviderRequest {
  return { kind: 'key-vault-secret', store, name: parseKey(reference).name, version: reference.version };
}

function unknownType(name: string): GoError {
  return new GoError(`unknown Azure Keyvault object Type for ${name}`, 'store-configuration');
}

function notRead(): Unpredictable {
  return new Unpredictable('store', 'certificates and keys of Key Vault are not read here');
}

function getSecret(context: Context, reference: RemoteReference): GoString {
  const { type, name } = parseKey(reference);
  if (type === 'cert' || type === 'key') throw notRead();
  if (type !== 'secret') throw unknownType(name);
  const { value, tags = {} } = readSecret(context, reference);
  return reference.metadataPolicy === 'Fetch'
    ? secretTag(tagsOf(context, tags, reference.property), reference.property)
    : property(value, reference.property, reference.key);
}

/** From 2.0 on the default client adds the secret's dates to its tags, as `attribute.expires` and the like. */
function tagsOf({ config, world }: Context, tags: Tags, name: string): Tags {
  if (world.operator.version.major >= 2 && !config.useAzureSDK && (name === '' || name.startsWith('attribute')))
    throw new Unpredictable('store', 'the dates of a secret, which the operator adds to its tags, are not read here');
  return tags;
}

function readSecret(context: Context, reference: RemoteReference): ProviderSecret {
  const { name } = parseKey(reference);
  if (name === '' && context.config.useAzureSDK)
    throw new GoError('parameter name cannot be empty', 'store-configuration');
  const answer = context.read(secretRequest(context.store, reference));
  return presentSecret(context, answer, `Key Vault secret ${name}`, `/secrets/${name}/${reference.version}`);
}

function presentSecret({ config }: Context, answer: ProviderAnswer, what: string, path: string): ProviderSecret {
  switch (answer.kind) {
    case 'present':
      return answer.secret;
    case 'missing':
      throw noSecret();
    case 'disabled':
    case 'refused':
      throw keyVaultError(answer, { method: 'GetSecret', path }, config);
    case 'forbidden-to-us':
    case 'unknown':
      throw unreadable(answer, what);
    case 'list':
    case 'no-data-field':
      throw new Unpredictable('store', `${what} was not answered as a secret of Key Vault`);
  }
}

function getSecretMap(context: Context, reference: RemoteReference): SecretMap {
  const { type, name } = parseKey(reference);
  switch (type) {
    case 'secret':
      break;
    case 'cert':
      throw new GoError('cannot get use dataFrom to get certificate secret', 'store-configuration');
    case 'key':
      throw new GoError('cannot get use dataFrom to get key secret', 'store-configuration');
    default:
      throw unknownType(name);
  }
  const data = getSecret(context, reference);
  if (reference.metadataPolicy !== 'Fetch') return secretMap(data);
  const { tags = {} } = readSecret(context, reference);
  return secretMapOfTags(tags, name, reference);
}

/** Texts are decoded, null is empty, everything else stays byte for byte. */
function secretMap(data: GoString): SecretMap {
  let fields;
  try {
    fields = unmarshalRawMap(data);
  } catch (error) {
    throw error instanceof GoError ? error.wrap('error unmarshalling json data: ', 'not-an-object') : error;
  }
  for (const [name, raw] of fields) fields.set(name, unmarshalString(raw) ?? raw);
  return fields;
}

/** Exact tags and an unanchored name, both; the path is ignored. An expression that does not compile matches nothing. */
function findRequest(store: Store, { name, tags = {} }: Find): ProviderRequest {
  const wanted = Object.entries(tags);
  const source = name?.regexp ?? '';
  const matches = source === '' ? () => true : nameMatcher(source);
  return {
    kind: 'key-vault-secrets',
    store,
    id: JSON.stringify([source, wanted]),
    match: (candidate, candidateTags) =>
      wanted.every(([tag, value]) => Object.hasOwn(candidateTags, tag) && candidateTags[tag] === value) &&
      matches(candidate),
  };
}

/** The first secret that cannot be got ends it, and one that has vanished meanwhile counts as if all had. */
function getAllSecrets(context: Context, find: Find): SecretMap {
  const request = findRequest(context.store, find);
  const answer = context.read(request);
  if (answer.kind !== 'list') {
    if (answer.kind === 'refused')
      throw keyVaultError(answer, { method: 'GetSecrets', path: '/secrets' }, context.config);
    presentSecret(context, answer, 'the list of secrets in Key Vault', '/secrets');
    throw new Unpredictable('store', 'the secrets of Key Vault were not answered as a list');
  }
  const found: SecretMap = new Map();
  for (const { name, tags = {}, enabled, answer: secret } of answer.secrets) {
    if (!enabled || request.kind !== 'key-vault-secrets' || !request.match(name, tags)) continue;
    if (secret === undefined) throw new Unpredictable('store', `Key Vault secret ${name} was not read`);
    found.set(goString(name), presentSecret(context, secret, `Key Vault secret ${name}`, `/secrets/${name}/`).value);
  }
  return found;
}
