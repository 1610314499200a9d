/**
 * An ExternalSecret as the API server stores it: checked, with the defaults of the operator's CRD filled in. Source: the CRDs
 * (config/crds/bases/external-secrets.io_externalsecrets.yaml) of 0.17.0, 0.18.2, 0.19.2, 0.20.4 and 1.3.2; what came later, from the
 * documentation of 2.x.
 */
import type {
  ConversionStrategy,
  DataEntry,
  DataFromEntry,
  DecodingStrategy,
  ExternalSecret,
  ExternalSecretSpec,
  ExternalSecretTarget,
  Find,
  MetadataPolicy,
  NullBytePolicy,
  RemoteReference,
  Rewrite,
  SourceReference,
  StoreReference,
} from '../eso/resources.ts';
import { checkDuration, checkObjectName, checkSecretKeyName } from './api-texts.ts';
import type { ObjectReader } from './object-reader.ts';
import type { OperatorApi } from './operator-api.ts';
import { readMetadata } from './read-metadata.ts';
import { readTemplate } from './read-template.ts';

/** @returns undefined where there is not even a name and a spec; whatever else is wrong was complained of */
export function readExternalSecret(
  object: ObjectReader,
  defaultNamespace: string,
  api: OperatorApi,
): ExternalSecret | undefined {
  object.ignore('apiVersion', 'kind');
  const metadata = readMetadata(object);
  const spec = object.object('spec', { required: true });
  const status = object.object('status');
  const refreshTime = status?.text('refreshTime');
  const syncedResourceVersion = status?.text('syncedResourceVersion');
  object.end();
  if (metadata === undefined || spec === undefined) return undefined;
  const { name, namespace, labels, annotations, uid, generation } = metadata;
  return {
    metadata: {
      name,
      namespace: namespace === '' ? defaultNamespace : namespace,
      labels,
      annotations,
      ...(uid === undefined ? {} : { uid }),
      ...(generation === undefined ? {} : { generation }),
    },
    spec: readExternalSecretSpec(spec, name, api),
    ...(status === undefined
      ? {}
      : {
          status: {
            ...(refreshTime === undefined ? {} : { refreshTime }),
            ...(syncedResourceVersion === undefined ? {} : { syncedResourceVersion }),
          },
        }),
  };
}

function readExternalSecretSpec(spec: ObjectReader, ownName: string, api: OperatorApi): ExternalSecretSpec {
  const store = readStoreReference(spec.object('secretStoreRef'));
  const refreshInterval = spec.text('refreshInterval') ?? api.refreshInterval;
  const fault = checkDuration(refreshInterval);
  if (fault !== undefined) spec.complain('M108', 'refreshInterval', fault, 'Give it in the form 1h0m0s.');
  const refreshPolicy = spec.text('refreshPolicy', { oneOf: ['CreatedOnce', 'Periodic', 'OnChange'] }) ?? 'Periodic';
  const target = readTarget(spec.object('target'), ownName, api);
  const data = spec.objects('data').map((entry) => readDataEntry(entry, api));
  const dataFrom = spec.objects('dataFrom').map((entry) => readDataFromEntry(entry, api));
  if (api.atLeast(2, 0)) spec.ignore('syncWindows');
  spec.end();
  return {
    ...(store === undefined ? {} : { secretStoreRef: store }),
    refreshInterval,
    refreshPolicy: refreshPolicy as ExternalSecretSpec['refreshPolicy'],
    target,
    data,
    dataFrom,
  };
}

/** Without a kind the operator takes it for a SecretStore. */
function readStoreReference(reference: ObjectReader | undefined): StoreReference | undefined {
  if (reference === undefined) return undefined;
  const name = reference.text('name', { check: checkObjectName }) ?? '';
  const kind = reference.text('kind', { oneOf: ['SecretStore', 'ClusterSecretStore'] }) ?? 'SecretStore';
  reference.end();
  return { name, kind };
}

function readTarget(target: ObjectReader | undefined, ownName: string, api: OperatorApi): ExternalSecretTarget {
  const creationPolicy = target?.text('creationPolicy', { oneOf: api.creationPolicies }) ?? 'Owner';
  const deletionPolicy = target?.text('deletionPolicy', { oneOf: ['Delete', 'Merge', 'Retain'] }) ?? 'Retain';
  const name = target?.text('name', { check: checkObjectName });
  const template = target?.object('template');
  const manifest = api.atLeast(1, 0) ? target?.object('manifest') : undefined;
  const result: ExternalSecretTarget = {
    name: name ?? ownName,
    creationPolicy: creationPolicy as ExternalSecretTarget['creationPolicy'],
    deletionPolicy: deletionPolicy as ExternalSecretTarget['deletionPolicy'],
    immutable: target?.flag('immutable') ?? false,
    ...(template === undefined ? {} : { template: readTemplate(template, api) }),
    ...(manifest === undefined
      ? {}
      : {
          manifest: {
            apiVersion: manifest.text('apiVersion', { required: true }) ?? '',
            kind: manifest.text('kind', { required: true }) ?? '',
          },
        }),
  };
  manifest?.end();
  target?.end();
  return result;
}

function readDataEntry(entry: ObjectReader, api: OperatorApi): DataEntry {
  const secretKey = entry.text('secretKey', { required: true, check: checkSecretKeyName }) ?? '';
  const remote = entry.object('remoteRef', { required: true });
  const sourceRef = readSourceReference(entry.object('sourceRef'));
  entry.end();
  return {
    secretKey,
    remoteRef: readRemoteReference(remote, api),
    ...(sourceRef === undefined ? {} : { sourceRef }),
  };
}

function readDataFromEntry(entry: ObjectReader, api: OperatorApi): DataFromEntry {
  const extract = entry.object('extract');
  const find = entry.object('find');
  const rewrite = entry.objects('rewrite').map((item) => readRewrite(item, api));
  const sourceRef = readSourceReference(entry.object('sourceRef'));
  entry.end();
  return {
    ...(extract === undefined ? {} : { extract: readRemoteReference(extract, api) }),
    ...(find === undefined ? {} : { find: readFind(find, api) }),
    rewrite,
    ...(sourceRef === undefined ? {} : { sourceRef }),
  };
}

function readSourceReference(source: ObjectReader | undefined): SourceReference | undefined {
  if (source === undefined) return undefined;
  const storeRef = readStoreReference(source.object('storeRef'));
  const generator = source.object('generatorRef');
  const generatorRef = generator && {
    apiVersion: generator.text('apiVersion') ?? 'generators.external-secrets.io/v1alpha1',
    kind: generator.text('kind', { required: true }) ?? '',
    name: generator.text('name', { required: true, check: checkObjectName }) ?? '',
  };
  generator?.end();
  source.exactlyOneOf('store or generator');
  source.end();
  return { ...(storeRef === undefined ? {} : { storeRef }), ...(generatorRef === undefined ? {} : { generatorRef }) };
}

type Strategies = Pick<RemoteReference, 'conversionStrategy' | 'decodingStrategy' | 'nullBytePolicy'>;

function readStrategies(of: ObjectReader | undefined, { defaults, knowsNullBytePolicy }: OperatorApi): Strategies {
  return {
    conversionStrategy: (of?.text('conversionStrategy', { oneOf: ['Default', 'Unicode'] }) ??
      defaults.conversionStrategy) as ConversionStrategy,
    decodingStrategy: (of?.text('decodingStrategy', { oneOf: ['Auto', 'Base64', 'Base64URL', 'None'] }) ??
      defaults.decodingStrategy) as DecodingStrategy,
    nullBytePolicy: ((knowsNullBytePolicy ? of?.text('nullBytePolicy', { oneOf: ['Ignore', 'Fail'] }) : undefined) ??
      defaults.nullBytePolicy) as NullBytePolicy,
  };
}

function readRemoteReference(reference: ObjectReader | undefined, api: OperatorApi): RemoteReference {
  const result: RemoteReference = {
    key: reference?.text('key', { required: true }) ?? '',
    property: reference?.text('property') ?? '',
    version: reference?.text('version') ?? '',
    metadataPolicy: (reference?.text('metadataPolicy', { oneOf: ['None', 'Fetch'] }) ??
      api.defaults.metadataPolicy) as MetadataPolicy,
    ...readStrategies(reference, api),
  };
  reference?.end();
  return result;
}

function readFind(find: ObjectReader, api: OperatorApi): Find {
  const path = find.text('path');
  const name = find.object('name');
  const regexp = name?.text('regexp') ?? '';
  name?.end();
  const tags = find.has('tags') ? find.textMap('tags') : undefined;
  const strategies = readStrategies(find, api);
  find.end();
  return {
    ...(path === undefined ? {} : { path }),
    ...(name === undefined ? {} : { name: { regexp } }),
    ...(tags === undefined ? {} : { tags }),
    ...strategies,
  };
}

function readRewrite(rewrite: ObjectReader, api: OperatorApi): Rewrite {
  const merge = api.atLeast(0, 18) ? rewrite.object('merge') : undefined;
  const regexp = rewrite.object('regexp');
  const transform = rewrite.object('transform');
  const closed = api.atLeast(0, 20);
  const result: Rewrite = {
    ...(merge === undefined
      ? {}
      : {
          merge: {
            into: merge.text('into') ?? '',
            priority: merge.texts('priority'),
            priorityPolicy: ((closed
              ? merge.text('priorityPolicy', { oneOf: ['IgnoreNotFound', 'Strict'] })
              : undefined) ?? 'Strict') as 'Strict',
            conflictPolicy: (merge.text('conflictPolicy', closed ? { oneOf: ['Ignore', 'Error'] } : {}) ??
              'Error') as 'Error',
            strategy: (merge.text('strategy', closed ? { oneOf: ['Extract', 'JSON'] } : {}) ?? 'Extract') as 'Extract',
          },
        }),
    ...(regexp === undefined
      ? {}
      : {
          regexp: {
            source: regexp.text('source', { required: true }) ?? '',
            target: regexp.text('target', { required: true }) ?? '',
          },
        }),
    ...(transform === undefined
      ? {}
      : { transform: { template: transform.text('template', { required: true }) ?? '' } }),
  };
  for (const part of [merge, regexp, transform]) part?.end();
  if (api.atLeast(0, 19)) rewrite.exactlyOneOf('rewrite');
  rewrite.end();
  return result;
}
