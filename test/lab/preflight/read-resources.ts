/** Kubernetes objects in the types of the predictor, by the platform's own reader of manifests. */
import { Buffer } from 'node:buffer';
import { goStringOfBytes } from '../../../src/eso/go/go-string.ts';
import type { ExistingSecret } from '../../../src/eso/prediction.ts';
import { SecretBytes } from '../../../src/eso/secret-bytes.ts';
import { parseResources } from '../../../src/manifest-input/parse-resources.ts';
import type { Resources } from '../../../src/manifest-input/parse-resources.ts';
import { operatorVersion } from './operator-version.ts';
import { namespace } from './case.ts';
import type { JsonObject, KubernetesObject } from './kubernetes-object.ts';

export function readResources(objects: readonly KubernetesObject[]): Resources {
  const documents = objects.map((value) => {
    const { apiVersion, kind, metadata } = value;
    return { file: 'case', line: 1, apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name, value };
  });
  return parseResources(documents, { version: operatorVersion, defaultNamespace: namespace });
}

/** Not by the reader, which leaves out kubectl's copy of the whole Secret. */
export function typedSecret({ metadata, ...object }: KubernetesObject): ExistingSecret {
  const data = (object['data'] ?? {}) as Readonly<Record<string, string>>;
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true);
  return {
    uid: metadata.uid ?? '',
    type: (object['type'] as string | undefined) ?? 'Opaque',
    immutable: (object['immutable'] as boolean | undefined) ?? false,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    data: new Map(
      Object.entries(data).map(([key, value]) => [key, new SecretBytes(goStringOfBytes(Buffer.from(value, 'base64')))]),
    ),
    ...(controller !== undefined && { controller }),
    managed: (metadata.managedFields ?? []).map(({ manager, fieldsV1 }) => {
      const ofMetadata = fieldsOf(fieldsV1, 'f:metadata');
      return {
        manager,
        data: namesOf(fieldsV1, 'f:data'),
        labels: namesOf(ofMetadata, 'f:labels'),
        annotations: namesOf(ofMetadata, 'f:annotations'),
      };
    }),
  };
}

function fieldsOf(fields: JsonObject | undefined, name: string): JsonObject {
  return (fields?.[name] ?? {}) as JsonObject;
}

function namesOf(fields: JsonObject | undefined, name: string): string[] {
  return Object.keys(fieldsOf(fields, name)).flatMap((key) => (key.startsWith('f:') ? [key.slice(2)] : []));
}
