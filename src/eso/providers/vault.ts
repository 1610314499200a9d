/** HashiCorp Vault as the operator reads it (vault: GetSecret, GetSecretMap, GetAllSecrets). */
import { byteValue } from '../byte-value.ts';
import { GoError, Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString, goString } from '../go/go-string.ts';
import { unmarshal, unmarshalMap } from '../go/json.ts';
import type { ProviderAnswer, ProviderRequest, Tags } from '../provider.ts';
import type { RemoteReference, Store, VaultProvider } from '../resources.ts';
import type { ProviderClient, SecretMap } from './provider-client.ts';
import { noSecret, unreadable } from './provider-client.ts';
import { vaultError } from './vault-error.ts';
import { findRequests, getAllSecrets } from './vault-find.ts';
import { dataPath, metadataPath } from './vault-path.ts';
import type { VaultContext as Context, VaultData as Data } from './vault-value.ts';
import { checkToken, valueOf } from './vault-value.ts';

export const vault: ProviderClient<VaultProvider> = {
  requests: (store, config, entry) =>
    'find' in entry ? findRequests(store, config, entry.find) : secretRequests(store, config, entry.reference),
  getSecret,
  getSecretMap,
  getAllSecrets,
};

function secretRequests(store: Store, config: VaultProvider, reference: RemoteReference): ProviderRequest[] {
  if (reference.metadataPolicy !== 'Fetch')
    return [{ kind: 'vault-secret', store, path: dataPath(reference.key, config), version: reference.version }];
  return config.version === 'v1' ? [] : [{ kind: 'vault-metadata', store, path: metadataPath(reference.key, config) }];
}

function getSecret(context: Context, reference: RemoteReference): GoString {
  if (reference.metadataPolicy !== 'Fetch') return valueOf(readData(context, reference), reference.property);
  const metadata = readMetadata(context, reference);
  return metadata.size === 0 ? asGoString('') : valueOf(metadata, reference.property);
}

function readData(context: Context, reference: RemoteReference): Data {
  const [request] = secretRequests(context.store, context.config, reference);
  const answer = answerTo(context, request);
  const isV2 = context.config.version === 'v2';
  if (answer.kind === 'missing') throw noSecret();
  // What has no data is a nil map, and a KV v1 store goes on with that.
  if (answer.kind === 'no-data-field') throw isV2 ? new GoError('failed to find data field', 'provider') : noSecret();
  const data = unmarshal(answer.value, 'literal');
  if (data.kind === 'nil') throw noSecret();
  if (data.kind !== 'map') throw new GoError('failed to unmarshall JSON', 'provider');
  return data.entries;
}

/** @throws GoError, Unpredictable for all answers but the three */
function answerTo(
  context: Context,
  request: ProviderRequest | undefined,
):
  | { readonly kind: 'present'; readonly value: GoString; readonly tags: Tags }
  | { readonly kind: 'missing' }
  | { readonly kind: 'no-data-field' } {
  if (request === undefined || (request.kind !== 'vault-secret' && request.kind !== 'vault-metadata'))
    throw new Error('not a request of one secret');
  checkToken(context);
  const answer = context.read(request);
  switch (answer.kind) {
    case 'present':
      return { kind: 'present', value: answer.secret.value, tags: answer.secret.tags ?? {} };
    case 'missing':
    case 'no-data-field':
      return answer;
    case 'refused': {
      const version = request.kind === 'vault-secret' ? request.version : '';
      throw vaultError(answer, context.config, request.path, version === '' ? '' : `version=${version}`);
    }
    default:
      throw notASecret(answer, request.path);
  }
}

function notASecret(answer: ProviderAnswer, path: string): Unpredictable {
  return answer.kind === 'forbidden-to-us' || answer.kind === 'unknown'
    ? unreadable(answer, `Vault path ${path}`)
    : new Unpredictable('store', `Vault path ${path} was not answered as a secret of Vault`);
}

/** Below 2.0 custom_metadata alone; a path that is not there is an error of its own, whatever the deletionPolicy. */
function readMetadata(context: Context, reference: RemoteReference): Data {
  const { config, store, world } = context;
  if (config.version === 'v1')
    throw new GoError('cannot perform metadata fetch operations with kv version v1', 'store-configuration');
  const answer = answerTo(context, {
    kind: 'vault-metadata',
    store,
    path: metadataPath(reference.key, config),
  });
  if (answer.kind === 'missing') throw new GoError('secret not found', 'secret-missing');
  if (world.operator.version.major >= 2)
    throw new Unpredictable(
      'store',
      'the dates and the version of a secret, which the operator adds to its metadata, are not read here',
    );
  const tags = answer.kind === 'present' ? answer.tags : {};
  return new Map(
    Object.entries(tags).map(([name, value]) => [goString(name), { kind: 'string', value: goString(value) }]),
  );
}

/** Numbers pass through a float64 here, which an entry of `data` spares them. */
function getSecretMap(context: Context, reference: RemoteReference): SecretMap {
  const json = getSecret(context, reference);
  let data;
  try {
    data = unmarshalMap(json, 'float');
  } catch (error) {
    throw error instanceof GoError ? error.wrap('', 'not-an-object') : error;
  }
  return new Map([...data].map(([name, value]) => [name, byteValue(value)]));
}
