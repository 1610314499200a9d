/** The plain Kubernetes objects that decide what the operator does. What else is in them is not looked at. */
import type { ExistingSecret } from '../eso/prediction.ts';
import { goString, goStringOfBytes } from '../eso/go/go-string.ts';
import { SecretBytes } from '../eso/secret-bytes.ts';
import { isObject } from '../model/shape.ts';
import { decodeBase64 } from './api-texts.ts';
import type { ObjectReader } from './object-reader.ts';
import type { ReadMetadata } from './read-metadata.ts';
import { readMetadata } from './read-metadata.ts';

export type GivenSecret = { readonly namespace: string; readonly name: string; readonly secret: ExistingSecret };
export type GivenConfigMap = {
  readonly namespace: string;
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
};
export type GivenServiceAccount = {
  readonly namespace: string;
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
};
/** With the label that the API server adds to every namespace. */
export type GivenNamespace = { readonly name: string; readonly labels: Readonly<Record<string, string>> };

export function readSecret(object: ObjectReader, defaultNamespace: string): GivenSecret | undefined {
  const metadata = readMetadata(object);
  const data = new Map<string, SecretBytes>();
  for (const [key, value] of object.hidden('data')) {
    const bytes = decodeBase64(value.reveal());
    if (bytes === undefined)
      object.refuse('data', `holds under ${key} what is not Base64`, 'Encode it, or use stringData.');
    else data.set(key, new SecretBytes(goStringOfBytes(bytes)));
  }
  for (const [key, value] of object.hidden('stringData')) data.set(key, new SecretBytes(goString(value.reveal())));
  if (metadata === undefined) return undefined;
  const secret: ExistingSecret = {
    uid: metadata.uid ?? '',
    type: object.text('type') ?? 'Opaque',
    immutable: object.flag('immutable') ?? false,
    labels: metadata.labels,
    annotations: metadata.annotations,
    data,
    ...controllerOf(object),
    managed: managedBy(object),
  };
  return { ...placeOf(metadata, defaultNamespace), secret };
}

export function readConfigMap(object: ObjectReader, defaultNamespace: string): GivenConfigMap | undefined {
  const metadata = readMetadata(object);
  const data = object.textMap('data');
  return metadata && { ...placeOf(metadata, defaultNamespace), data };
}

export function readServiceAccountObject(
  object: ObjectReader,
  defaultNamespace: string,
): GivenServiceAccount | undefined {
  const metadata = readMetadata(object);
  return metadata && { ...placeOf(metadata, defaultNamespace), annotations: metadata.annotations };
}

export function readNamespace(object: ObjectReader): GivenNamespace | undefined {
  const metadata = readMetadata(object);
  return (
    metadata && { name: metadata.name, labels: { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name } }
  );
}

function placeOf({ name, namespace }: ReadMetadata, defaultNamespace: string): { namespace: string; name: string } {
  return { namespace: namespace === '' ? defaultNamespace : namespace, name };
}

function controllerOf(object: ObjectReader): Pick<ExistingSecret, 'controller'> {
  for (const owner of object.object('metadata')?.objects('ownerReferences') ?? [])
    if (owner.flag('controller') === true)
      return {
        controller: {
          apiVersion: owner.text('apiVersion') ?? '',
          kind: owner.text('kind') ?? '',
          name: owner.text('name') ?? '',
        },
      };
  return {};
}

/** Of `managedFields`: `{"f:data":{"f:key":{}},"f:metadata":{"f:labels":{"f:name":{}}}}`. */
function managedBy(object: ObjectReader): ExistingSecret['managed'] {
  const entries = object.object('metadata')?.objects('managedFields') ?? [];
  return entries.map((entry) => {
    const fields = entry.plain('fieldsV1');
    const metadata = isObject(fields) ? fields['f:metadata'] : undefined;
    return {
      manager: entry.text('manager') ?? '',
      data: fieldNames(fields, 'f:data'),
      labels: fieldNames(metadata, 'f:labels'),
      annotations: fieldNames(metadata, 'f:annotations'),
    };
  });
}

function fieldNames(fields: unknown, name: string): string[] {
  const inner = isObject(fields) ? fields[name] : undefined;
  return isObject(inner) ? Object.keys(inner).flatMap((key) => (key.startsWith('f:') ? [key.slice(2)] : [])) : [];
}
