/** Whether config/ can say what an ExternalSecret does, and if not, why. Pure. */
import { predict } from '../eso/predict.ts';
import type { World } from '../eso/prediction.ts';
import type { ProviderRequest } from '../eso/provider.ts';
import { requestId } from '../eso/provider.ts';
import type { DataEntry, ExternalSecret, RemoteReference } from '../eso/resources.ts';
import type { Given } from '../manifest-input/parse-resources.ts';
import { refreshesPerHour } from '../preflight/refresh-interval.ts';
import type { Candidate, Connection, Use } from './adoption.ts';
import type { Refusal } from './read-target.ts';
import { readTarget, refuse } from './read-target.ts';

export type CandidateAnswer = { readonly kind: 'candidate'; readonly candidate: Candidate } | Refusal;

export function readCandidate(given: Given<ExternalSecret>, world: Omit<World, 'read'>): CandidateAnswer {
  const { spec } = given.resource;
  const way = refuseWay(given.resource);
  if (way !== undefined) return way;
  const use = readUse(spec.data, spec.dataFrom[0]?.extract);
  if ('because' in use) return use;

  const prediction = predict({ externalSecret: given.resource, world: { ...world, read: () => undefined } });
  if (prediction.kind === 'unpredictable' || prediction.kind === 'skipped')
    return refuse(prediction.because, 'Give the store among the manifests.');
  if (prediction.kind !== 'needs') {
    const event = prediction.events.at(-1)?.message.toString() ?? '';
    return refuse(`it does not sync today: ${event}`, 'Mend it first.');
  }
  const requests = new Map(prediction.requests.map((request) => [requestId(request), request]));
  const [request] = requests.values();
  if (requests.size > 1 || request === undefined)
    return refuse(
      `it reads ${requests.size} secrets, and a Kubernetes Secret gets those of one: ${[...requests.values()].map(nameOf).join(', ')}`,
      'Put the fields into one secret of the store, or make a Kubernetes Secret of each.',
    );
  const place = readPlace(request);
  if ('because' in place) return place;
  if (use.kind === 'text' && place.store === 'vault-secret-store')
    return refuse('it takes a whole secret of Vault as JSON text', 'Name a property for each key.');
  const target = readTarget(given.resource, use);
  return 'because' in target ? target : { kind: 'candidate', candidate: { given, ...place, request, use, target } };
}

/** What decides before anything is read. */
function refuseWay({ spec }: ExternalSecret): Refusal | undefined {
  const { target, dataFrom, data } = spec;
  if (target.manifest !== undefined)
    return refuse(`its target is a ${target.manifest.kind}`, 'Lockstep writes Secrets.');
  if (target.creationPolicy !== 'Owner')
    return refuse(
      `its creationPolicy is ${target.creationPolicy}`,
      'Lockstep owns the Secrets that it declares: Owner.',
    );
  if (target.immutable) return refuse('its Secret is immutable', 'A Secret that follows its store cannot be.');
  if (spec.refreshPolicy !== 'Periodic' || refreshesPerHour(spec) === 0)
    return refuse(
      'it is not refreshed by the clock',
      'Lockstep refreshes all alike: refreshPolicy Periodic, an interval above 0.',
    );
  if (dataFrom.some(({ find }) => find !== undefined))
    return refuse('it finds secrets by name or tag', 'Name the secrets: the catalog lists each.');
  if ([...dataFrom, ...data].some(({ sourceRef }) => sourceRef?.generatorRef !== undefined))
    return refuse('it takes a value from a generator', 'Keep it as it is, beside Lockstep.');
  if (dataFrom.some(({ rewrite }) => rewrite.length > 0))
    return refuse('it rewrites keys', 'Name the keys: data, one for each, or keys of the target.');
  if (dataFrom.length > 1 || (dataFrom.length > 0 && data.length > 0))
    return refuse('it puts a Secret together from several entries', 'One extract, or one entry of data for each key.');
  if (dataFrom.length + data.length === 0) return refuse('it reads nothing', 'Remove it.');
  return undefined;
}

function readUse(data: readonly DataEntry[], extract: RemoteReference | undefined): Use | Refusal {
  for (const reference of [...data.map(({ remoteRef }) => remoteRef), ...(extract === undefined ? [] : [extract])]) {
    if (reference.decodingStrategy !== 'None' && reference.decodingStrategy !== '')
      return refuse(`it decodes values (${reference.decodingStrategy})`, 'Keep the decoded value in the store.');
    if (reference.metadataPolicy === 'Fetch') return refuse('it reads metadata', 'Keep it as it is, beside Lockstep.');
    if (reference.version !== '')
      return refuse(`it pins version ${reference.version}`, 'Lockstep reads the newest version.');
    if (reference.nullBytePolicy === 'Fail') return refuse('it refuses null bytes', 'Lockstep takes any bytes.');
  }
  if (extract !== undefined)
    return extract.property === ''
      ? { kind: 'all fields' }
      : refuse('it extracts a property', 'Keep those fields in a secret of their own.');
  const keys = data.map(({ secretKey }) => secretKey);
  if (new Set(keys).size < keys.length) return refuse('it gives a key twice', 'Remove one of the two.');
  if (data.every(({ remoteRef }) => remoteRef.property === '')) return { kind: 'text', keys };
  if (data.some(({ remoteRef }) => remoteRef.property === ''))
    return refuse('it takes fields of a secret, and the whole of it', 'Take either.');
  const queried = data.find(({ remoteRef }) => /[*?|#@!{}[\]()%\\]/.test(remoteRef.property));
  if (queried !== undefined) return refuse('it reads a property by a query', 'Keep the value in a field of its own.');
  return { kind: 'fields', entries: data.map(({ secretKey: key, remoteRef }) => ({ key, field: remoteRef.property })) };
}

type Place = Pick<Candidate, 'store' | 'connection' | 'remote'>;

function readPlace(request: ProviderRequest): Place | Refusal {
  const { provider } = request.store.spec;
  if (request.kind === 'vault-secret' && provider.kind === 'vault') {
    const { server, version, namespace } = provider.config;
    if (version !== 'v2') return refuse('its store is KV version 1', 'Upgrade the mount: vault kv enable-versioning.');
    if (namespace !== undefined)
      return refuse('its store is in a namespace of Vault', 'Keep it as it is, beside Lockstep.');
    const at = request.path.indexOf('/data/');
    if (at === -1) return refuse('its path in Vault could not be told', 'Keep it as it is, beside Lockstep.');
    const connection: Connection = { kind: 'vault', server, mount: request.path.slice(0, at) };
    return { store: 'vault-secret-store', connection, remote: request.path.slice(at + '/data/'.length) };
  }
  if (request.kind === 'key-vault-secret' && provider.kind === 'azurekv') {
    const { vaultUrl, tenantId } = provider.config;
    const name = /^https:\/\/([a-z0-9-]+)\.vault\.azure\.net\/*$/i.exec(vaultUrl)?.[1];
    if (name === undefined || provider.config.customCloud)
      return refuse(`its Key Vault ${vaultUrl} is not in Azure's public cloud`, 'Keep it as it is, beside Lockstep.');
    const connection: Connection = { kind: 'azurekv', keyVaultName: name.toLowerCase(), tenantId };
    return { store: 'azure-keyvault-store', connection, remote: request.name };
  }
  return refuse('it reads something else than a secret', 'Keep it as it is, beside Lockstep.');
}

function nameOf(request: ProviderRequest): string {
  return 'path' in request ? request.path : 'name' in request ? request.name : request.kind;
}
