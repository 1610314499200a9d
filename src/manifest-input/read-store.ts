/**
 * A SecretStore or ClusterSecretStore as the API server stores it. Source: config/crds/bases/external-secrets.io_secretstores.yaml and
 * …_clustersecretstores.yaml of 0.17.0, 0.18.2, 0.19.2, 0.20.4 and 1.3.2.
 */
import type {
  AzureProvider,
  LabelSelector,
  Provider,
  SecretKeyReference,
  ServiceAccountReference,
  Store,
  StoreCondition,
  VaultProvider,
} from '../eso/resources.ts';
import { checkNamespaceName, checkObjectName, checkSecretKeyName } from './api-texts.ts';
import type { ObjectReader } from './object-reader.ts';
import type { OperatorApi } from './operator-api.ts';
import { readMetadata } from './read-metadata.ts';

export function readStore(
  object: ObjectReader,
  kind: Store['kind'],
  defaultNamespace: string,
  api: OperatorApi,
): Store | undefined {
  object.ignore('apiVersion', 'kind');
  const metadata = readMetadata(object);
  const spec = object.object('spec', { required: true });
  const ready = readReady(object.object('status'));
  object.end();
  if (metadata === undefined || spec === undefined) return undefined;
  const { name, namespace, labels, annotations } = metadata;
  const read = readSpec(spec, api);
  return {
    kind,
    metadata: {
      name,
      labels,
      annotations,
      ...(kind === 'SecretStore' ? { namespace: namespace === '' ? defaultNamespace : namespace } : {}),
    },
    spec: read,
    ...(ready === undefined ? {} : { ready }),
  };
}

function readReady(status: ObjectReader | undefined): Store['ready'] {
  for (const condition of status?.objects('conditions') ?? [])
    if (condition.text('type') === 'Ready')
      return {
        status: condition.text('status') ?? '',
        reason: condition.text('reason') ?? '',
        message: condition.text('message') ?? '',
      };
  return undefined;
}

function readSpec(spec: ObjectReader, api: OperatorApi): Store['spec'] {
  const retry = spec.object('retrySettings');
  const maxRetries = retry?.integer('maxRetries');
  const retryInterval = retry?.text('retryInterval');
  retry?.end();
  const result: Store['spec'] = {
    controller: spec.text('controller') ?? '',
    conditions: spec.objects('conditions').map(readCondition),
    refreshInterval: (api.atLeast(2, 0) ? spec.textOrInteger('refreshInterval') : spec.integer('refreshInterval')) ?? 0,
    ...(retry === undefined
      ? {}
      : {
          retrySettings: {
            ...(maxRetries === undefined ? {} : { maxRetries }),
            ...(retryInterval === undefined ? {} : { retryInterval }),
          },
        }),
    provider: readProvider(spec.object('provider', { required: true }), api),
  };
  spec.end();
  return result;
}

function readCondition(condition: ObjectReader): StoreCondition {
  const selector = condition.object('namespaceSelector');
  const result: StoreCondition = {
    namespaces: condition.texts('namespaces', checkNamespaceName),
    namespaceRegexes: condition.texts('namespaceRegexes'),
    ...(selector === undefined ? {} : { namespaceSelector: readSelector(selector) }),
  };
  condition.end();
  return result;
}

function readSelector(selector: ObjectReader): LabelSelector {
  const result: LabelSelector = {
    matchLabels: selector.textMap('matchLabels'),
    matchExpressions: selector.objects('matchExpressions').map((expression) => {
      const read = {
        key: expression.text('key', { required: true }) ?? '',
        operator: expression.text('operator', { required: true }) ?? '',
        values: expression.texts('values'),
      };
      expression.end();
      return read;
    }),
  };
  selector.end();
  return result;
}

/** The operator's version decides whether it knows a provider that is not read here; none is complained of. */
function readProvider(provider: ObjectReader | undefined, api: OperatorApi): Provider {
  if (provider === undefined) return { kind: 'other', name: '' };
  provider.exactlyOneOf('provider');
  const [name = ''] = provider.names();
  const vault = name === 'vault' ? provider.object('vault') : undefined;
  if (vault !== undefined) return { kind: 'vault', config: readVault(vault, api) };
  const azure = name === 'azurekv' ? provider.object('azurekv') : undefined;
  if (azure !== undefined) return { kind: 'azurekv', config: readAzure(azure, api) };
  provider.object(name);
  return { kind: 'other', name };
}

function readVault(vault: ObjectReader, api: OperatorApi): VaultProvider {
  const path = vault.text('path');
  const namespace = vault.text('namespace');
  const caBundle = vault.text('caBundle');
  const caProvider = readCaProvider(vault.object('caProvider'));
  const auth = readVaultAuth(vault.object('auth'));
  const result: VaultProvider = {
    server: vault.text('server', { required: true }) ?? '',
    ...(path === undefined ? {} : { path }),
    version: (vault.text('version', { oneOf: ['v1', 'v2'] }) ?? 'v2') as VaultProvider['version'],
    ...(namespace === undefined ? {} : { namespace }),
    readYourWrites: vault.flag('readYourWrites') ?? false,
    forwardInconsistent: vault.flag('forwardInconsistent') ?? false,
    ...(caBundle === undefined ? {} : { caBundle }),
    ...(caProvider === undefined ? {} : { caProvider }),
    ...(auth === undefined ? {} : { auth }),
  };
  vault.ignore('headers', 'tls', ...(api.atLeast(0, 20) ? ['checkAndSet'] : []));
  vault.end();
  return result;
}

function readCaProvider(provider: ObjectReader | undefined): VaultProvider['caProvider'] {
  if (provider === undefined) return undefined;
  const namespace = provider.text('namespace', { check: checkNamespaceName });
  const key = provider.text('key', { check: checkSecretKeyName });
  const result = {
    type: provider.text('type', { required: true, oneOf: ['Secret', 'ConfigMap'] }) ?? '',
    name: provider.text('name', { required: true, check: checkObjectName }) ?? '',
    ...(namespace === undefined ? {} : { namespace }),
    ...(key === undefined ? {} : { key }),
  };
  provider.end();
  return result;
}

const otherMethods = ['appRole', 'ldap', 'userPass', 'jwt', 'cert', 'iam', 'gcp'];

function readVaultAuth(auth: ObjectReader | undefined): VaultProvider['auth'] {
  if (auth === undefined) return undefined;
  const namespace = auth.text('namespace');
  const tokenSecretRef = readSecretKeyReference(auth.object('tokenSecretRef'));
  const kubernetes = auth.object('kubernetes');
  const serviceAccountRef = readServiceAccount(kubernetes?.object('serviceAccountRef'));
  const secretRef = readSecretKeyReference(kubernetes?.object('secretRef'));
  const result: VaultProvider['auth'] = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(tokenSecretRef === undefined ? {} : { tokenSecretRef }),
    ...(kubernetes === undefined
      ? {}
      : {
          kubernetes: {
            mountPath: kubernetes.text('mountPath') ?? 'kubernetes',
            role: kubernetes.text('role', { required: true }) ?? '',
            ...(serviceAccountRef === undefined ? {} : { serviceAccountRef }),
            ...(secretRef === undefined ? {} : { secretRef }),
          },
        }),
    others: otherMethods.filter((method) => auth.object(method) !== undefined),
  };
  kubernetes?.end();
  auth.end();
  return result;
}

function readAzure(azure: ObjectReader, api: OperatorApi): AzureProvider {
  const clouds = ['PublicCloud', 'USGovernmentCloud', 'ChinaCloud', 'GermanCloud'];
  const since020 = api.atLeast(0, 20);
  const tenantId = azure.text('tenantId');
  const identityId = azure.text('identityId');
  const serviceAccountRef = readServiceAccount(azure.object('serviceAccountRef'));
  const secretRef = azure.object('authSecretRef');
  const authSecretRef = secretRef && {
    ...optional('clientId', readSecretKeyReference(secretRef.object('clientId'))),
    ...optional('clientSecret', readSecretKeyReference(secretRef.object('clientSecret'))),
    ...optional('clientCertificate', readSecretKeyReference(secretRef.object('clientCertificate'))),
    ...optional('tenantId', readSecretKeyReference(secretRef.object('tenantId'))),
  };
  secretRef?.end();
  const result: AzureProvider = {
    authType:
      azure.text('authType', { oneOf: ['ServicePrincipal', 'ManagedIdentity', 'WorkloadIdentity'] }) ??
      'ServicePrincipal',
    vaultUrl: azure.text('vaultUrl', { required: true }) ?? '',
    ...(tenantId === undefined ? {} : { tenantId }),
    environmentType:
      azure.text('environmentType', { oneOf: since020 ? [...clouds, 'AzureStackCloud'] : clouds }) ?? 'PublicCloud',
    ...(identityId === undefined ? {} : { identityId }),
    useAzureSDK: since020 ? (azure.flag('useAzureSDK') ?? false) : false,
    ...(serviceAccountRef === undefined ? {} : { serviceAccountRef }),
    ...(authSecretRef === undefined ? {} : { authSecretRef }),
    customCloud: since020 && azure.object('customCloudConfig') !== undefined,
  };
  azure.end();
  return result;
}

function optional<Name extends string, T>(name: Name, value: T | undefined): Partial<Record<Name, T>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<Name, T>>);
}

function readSecretKeyReference(reference: ObjectReader | undefined): SecretKeyReference | undefined {
  if (reference === undefined) return undefined;
  const result: SecretKeyReference = {
    ...optional('name', reference.text('name', { check: checkObjectName })),
    ...optional('namespace', reference.text('namespace', { check: checkNamespaceName })),
    ...optional('key', reference.text('key', { check: checkSecretKeyName })),
  };
  reference.end();
  return result;
}

function readServiceAccount(reference: ObjectReader | undefined): ServiceAccountReference | undefined {
  if (reference === undefined) return undefined;
  const result: ServiceAccountReference = {
    name: reference.text('name', { required: true, check: checkObjectName }) ?? '',
    ...optional('namespace', reference.text('namespace', { check: checkNamespaceName })),
    audiences: reference.texts('audiences'),
  };
  reference.end();
  return result;
}
