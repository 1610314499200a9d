/** ExternalSecrets, stores and worlds for the tests of the predictor, with the API's defaults. */
import { Buffer } from 'node:buffer';
import type { GoString } from '../../../src/eso/go/go-string.ts';
import { goString } from '../../../src/eso/go/go-string.ts';
import type { ExistingSecret, OperatorSettings, Predicted, World } from '../../../src/eso/prediction.ts';
import { defaultSettings } from '../../../src/eso/operator-settings.ts';
import { predict } from '../../../src/eso/predict.ts';
import type { ListedProviderSecret, ProviderAnswer, ProviderRequest } from '../../../src/eso/provider.ts';
import { requestId } from '../../../src/eso/provider.ts';
import type {
  AzureProvider,
  DataEntry,
  DataFromEntry,
  ExternalSecret,
  ExternalSecretSpec,
  ExternalSecretTarget,
  Find,
  RemoteReference,
  Store,
  Template,
  VaultProvider,
} from '../../../src/eso/resources.ts';
import { SecretBytes } from '../../../src/eso/secret-bytes.ts';

export const namespace = 'example';

export function reference(key: string, rest: Partial<RemoteReference> = {}): RemoteReference {
  return {
    key,
    property: '',
    version: '',
    metadataPolicy: 'None',
    conversionStrategy: 'Default',
    decodingStrategy: 'None',
    nullBytePolicy: '',
    ...rest,
  };
}

export function data(secretKey: string, key: string, rest: Partial<RemoteReference> = {}): DataEntry {
  return { secretKey, remoteRef: reference(key, rest) };
}

export function extract(
  key: string,
  rest: Partial<RemoteReference> = {},
  rewrite: DataFromEntry['rewrite'] = [],
): DataFromEntry {
  return { extract: reference(key, rest), rewrite };
}

export function find(rest: Partial<Find>): DataFromEntry {
  return {
    find: { conversionStrategy: 'Default', decodingStrategy: 'None', nullBytePolicy: '', ...rest },
    rewrite: [],
  };
}

export function template(rest: Partial<Template>): Template {
  return {
    engineVersion: 'v2',
    mergePolicy: 'Replace',
    metadata: { labels: {}, annotations: {}, finalizers: [] },
    data: {},
    templateFrom: [],
    ...rest,
  };
}

export function externalSecret(
  spec: Partial<Omit<ExternalSecretSpec, 'target'>> & { readonly target?: Partial<ExternalSecretTarget> },
  metadata: Partial<ExternalSecret['metadata']> = {},
): ExternalSecret {
  return {
    metadata: { name: 'app', namespace, labels: {}, annotations: {}, ...metadata },
    spec: {
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'store' },
      refreshInterval: '1h0m0s',
      refreshPolicy: 'Periodic',
      data: [],
      dataFrom: [],
      ...spec,
      target: {
        name: 'app',
        creationPolicy: 'Owner',
        deletionPolicy: 'Retain',
        immutable: false,
        ...spec.target,
      },
    },
  };
}

export function keyVaultStore(
  config: Partial<AzureProvider> = {},
  rest: { readonly [K in 'kind' | 'ready']?: Store[K] } & { readonly spec?: Partial<Store['spec']> } = {},
): Store {
  return store(
    {
      kind: 'azurekv',
      config: {
        authType: 'WorkloadIdentity',
        vaultUrl: 'https://kv-example.vault.azure.net',
        environmentType: 'PublicCloud',
        useAzureSDK: false,
        serviceAccountRef: { name: 'external-secrets', namespace: 'external-secrets', audiences: [] },
        customCloud: false,
        ...config,
      },
    },
    rest,
  );
}

export function vaultStore(
  config: Partial<VaultProvider> = {},
  rest: { readonly [K in 'kind' | 'ready']?: Store[K] } & { readonly spec?: Partial<Store['spec']> } = {},
): Store {
  const serviceAccountRef = { name: 'external-secrets', namespace: 'external-secrets', audiences: [] };
  return store(
    {
      kind: 'vault',
      config: {
        server: 'https://vault.example.com:8200',
        path: 'secret',
        version: 'v2',
        readYourWrites: true,
        forwardInconsistent: false,
        auth: { kubernetes: { mountPath: 'kubernetes', role: 'example', serviceAccountRef }, others: [] },
        ...config,
      },
    },
    rest,
  );
}

function store(
  provider: Store['spec']['provider'],
  rest: { readonly [K in 'kind' | 'ready']?: Store[K] } & { readonly spec?: Partial<Store['spec']> },
): Store {
  const kind = rest.kind ?? 'ClusterSecretStore';
  return {
    kind,
    metadata: { name: 'store', labels: {}, annotations: {}, ...(kind === 'SecretStore' && { namespace }) },
    ready: { status: 'True', reason: 'Valid', message: 'store validated' },
    ...rest,
    spec: { controller: '', conditions: [], refreshInterval: 0, provider, ...rest.spec },
  };
}

export const operator = defaultSettings({ major: 0, minor: 20, patch: 4 });

export type Given = {
  readonly store?: Store | 'unknown';
  readonly operator?: Partial<OperatorSettings>;
  readonly namespaceLabels?: Readonly<Record<string, string>> | 'unknown';
  readonly secrets?: Readonly<Record<string, ExistingSecret | 'unknown'>>;
  readonly configMaps?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly serviceAccounts?: Readonly<Record<string, { readonly annotations: Readonly<Record<string, string>> }>>;
  /** By what is read: a name or path, with `?version` where one is given. Of Key Vault a text is the value; of Vault its JSON. */
  readonly remote?: Readonly<Record<string, string | ProviderAnswer>>;
};

export function world(given: Given): World {
  const { store: only = keyVaultStore(), remote = {} } = given;
  return {
    operator: { ...operator, ...given.operator },
    store: (kind, name, of) => {
      if (only === 'unknown') return only;
      return only.kind === kind && only.metadata.name === name && only.metadata.namespace === of ? only : 'absent';
    },
    namespaceLabels: () => given.namespaceLabels ?? {},
    secret: (of, name) => given.secrets?.[of === namespace ? name : `${of}/${name}`] ?? 'absent',
    configMap: (_, name) => given.configMaps?.[name] ?? 'absent',
    serviceAccount: (of, name) =>
      given.serviceAccounts === undefined ? 'unknown' : (given.serviceAccounts[`${of}/${name}`] ?? 'absent'),
    read: (request) => {
      const answer = remote[readName(request)];
      return typeof answer === 'string' ? present(answer) : (answer ?? { kind: 'missing' });
    },
  };
}

function readName(request: ProviderRequest): string {
  switch (request.kind) {
    case 'key-vault-secret':
      return request.version === '' ? request.name : `${request.name}?${request.version}`;
    case 'vault-secret':
      return request.version === '' ? request.path : `${request.path}?${request.version}`;
    case 'vault-metadata':
    case 'vault-secrets':
      return request.path;
    case 'key-vault-secrets':
      return '*';
  }
}

export function present(value: string, tags?: Readonly<Record<string, string>>): ProviderAnswer {
  return { kind: 'present', secret: { value: goString(value), tags } };
}

export function list(secrets: Readonly<Record<string, Partial<ListedProviderSecret> | string>>): ProviderAnswer {
  return {
    kind: 'list',
    secrets: Object.entries(secrets).map(([name, secret]) => ({
      name,
      tags: undefined,
      enabled: true,
      answer: typeof secret === 'string' ? present(secret) : undefined,
      ...(typeof secret === 'string' ? {} : secret),
    })),
  };
}

export function existing(
  contents: Readonly<Record<string, string>>,
  rest: Partial<Omit<ExistingSecret, 'data'>> = {},
): ExistingSecret {
  return {
    uid: '00000000-0000-0000-0000-000000000001',
    type: 'Opaque',
    immutable: false,
    labels: {},
    annotations: {},
    managed: [],
    ...rest,
    data: new Map(Object.entries(contents).map(([key, value]) => [key, new SecretBytes(goString(value))])),
  };
}

/** The prediction, after all that it needs was read. */
export function predicted(resource: ExternalSecret, given: Given): Predicted {
  const known = world(given);
  const read = new Set<string>();
  const outcome = predict({
    externalSecret: resource,
    world: { ...known, read: (request) => (read.has(requestId(request)) ? known.read(request) : undefined) },
  });
  if (outcome.kind !== 'needs') return outcome;
  for (const request of outcome.requests) read.add(requestId(request));
  const final = predict({
    externalSecret: resource,
    world: { ...known, read: (request) => (read.has(requestId(request)) ? known.read(request) : undefined) },
  });
  if (final.kind === 'needs') throw new Error('asked for more than at first');
  return final;
}

/** What a test compares: the outcome in short, values revealed. */
export type Summary =
  | { readonly kind: 'created' | 'updated' | 'unchanged'; readonly data: Readonly<Record<string, string>> }
  | { readonly kind: 'untouched' | 'deleted'; readonly message: string }
  | { readonly kind: 'fails'; readonly message: string; readonly event: string }
  | { readonly kind: 'skipped' | 'unpredictable'; readonly because: string };

export function summary(outcome: Predicted): Summary {
  switch (outcome.kind) {
    case 'syncs':
      return 'secret' in outcome.effect
        ? { kind: outcome.effect.kind, data: revealed(outcome.effect.secret.data) }
        : { kind: outcome.effect.kind, message: outcome.condition.message };
    case 'fails':
      return {
        kind: 'fails',
        message: outcome.condition.message,
        event: outcome.events.at(-1)?.message.reveal() ?? '',
      };
    case 'skipped':
      return { kind: 'skipped', because: outcome.because };
    case 'unpredictable':
      return { kind: 'unpredictable', because: `${outcome.reason}: ${outcome.because}` };
  }
}

/** Texts where they are UTF-8, and else `hex:` and the bytes. */
function revealed(contents: ReadonlyMap<string, SecretBytes>): Record<string, string> {
  return Object.fromEntries([...contents].map(([key, value]) => [key, shown(value.reveal())]));
}

function shown(value: GoString): string {
  const bytes = Buffer.from(value, 'latin1');
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : `hex:${bytes.toString('hex')}`;
}
