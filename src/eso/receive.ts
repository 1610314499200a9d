/**
 * What one Kubernetes Secret receives from its remote secret, as the ExternalSecret in src/manifests/external-secret.ts asks for it. The
 * required fields, their order and the words of the error are those of src/manifests/field-template.ts: change one, change the other.
 */
import type { Field, Secret, Target } from '../model/platform.ts';
import { alwaysRequired, remoteKey } from '../model/platform.ts';
import { SecretValue } from '../model/secret-value.ts';
import type { RemoteSecret } from './remote-secret.ts';

/** @property value `unpredictable`: a template makes it that is not evaluated here */
export type ReceivedKey = { readonly key: string; readonly value: SecretValue | 'unpredictable' };

export type Received =
  /** Ready, "secret synced". In the order of the catalog, then the template's keys. */
  | { readonly kind: 'synced'; readonly keys: readonly ReceivedKey[] }
  /** Ready, "secret retained due to DeletionPolicy=Retain": the remote secret holds no field, none is required, and the Secret is neither made nor changed. */
  | { readonly kind: 'retained' }
  /** Not ready, SecretSyncedError; a Secret that is there stays as it is. */
  | {
      readonly kind: 'failed';
      /** The message of the condition. */
      readonly condition: 'could not get secret data from provider' | 'could not update secret';
      /** The cause, as the operator's event tells it: names, never a value. */
      readonly because: string;
    };

type Data = ReadonlyMap<string, ReceivedKey['value']>;

export function receive(secret: Secret, target: Target, remote: RemoteSecret): Received {
  const key = remoteKey(secret);
  switch (remote.kind) {
    case 'missing':
      return notThere(secret, target, `${key}: Secret does not exist`);
    case 'deleted':
      return notThere(secret, target, `${key}: Secret does not exist (it is deleted, and can be recovered)`);
    case 'disabled':
      return notRead(`${key}: 403, it is disabled`);
    case 'forbidden':
      return notRead(`${key}: 403, the operator may not read it`);
    case 'unreadable':
      return notRead(`${key}: ${remote.because}`);
    case 'text':
    case 'present':
      return secret.content.kind === 'text'
        ? receiveText(secret, target, remote)
        : receiveFields(secret, target, remote);
  }
}

/** With deletionPolicy Merge, which is written where something is required, the operator goes on to the template, and that fails. */
function notThere(secret: Secret, target: Target, because: string): Received {
  const required = alwaysRequired(secret, target);
  return required.length === 0 ? notRead(because) : notUpdated(requiredMessage(secret, required));
}

function requiredMessage(secret: Secret, missing: readonly string[]): string {
  return `required in ${remoteKey(secret)}, but missing or empty: ${missing.join(', ')}`;
}

type Present = Extract<RemoteSecret, { kind: 'text' | 'present' }>;

function receiveText(secret: Secret, target: Target, remote: Present): Received {
  const value = remote.kind === 'text' ? remote.text : propertyOf(secret, remote.fields);
  if (value === undefined)
    return notRead(`${remoteKey(secret)}: cannot find secret data for key: "${vaultProperty(secret)}"`);
  if (value instanceof SecretValue && value.reveal() === '')
    return notUpdated(requiredMessage(secret, alwaysRequired(secret, target)));
  const data = new Map(target.keys.map(({ key }) => [key, value]));
  return withTemplate(target, data, data);
}

function vaultProperty({ content }: Secret): string {
  return content.kind === 'text' ? content.vaultProperty : '';
}

/** The literal name first; what is not found under it is evaluated as a gjson path, which is not done here. */
function propertyOf(secret: Secret, fields: ReadonlyMap<string, SecretValue>): ReceivedKey['value'] | undefined {
  const property = vaultProperty(secret);
  return fields.get(property) ?? (/[.*?|#@!{[(%\\]/.test(property) ? 'unpredictable' : undefined);
}

function receiveFields(secret: Secret, target: Target, remote: Present): Received {
  if (remote.kind === 'text')
    return notRead(`${remoteKey(secret)}: error unmarshalling json data: it is a text, not a JSON object`);
  const { fields } = remote;
  const missing = missingFields(secret, target, fields);
  if (missing.length > 0) return notUpdated(requiredMessage(secret, missing));
  if (fields.size === 0) return { kind: 'retained' };
  const keys = target.keys.flatMap(({ field, key }) => {
    const value = fields.get(field);
    return value === undefined ? [] : [[key, value] as const];
  });
  return withTemplate(target, fields, keys);
}

/** In the template's order: what is always required, then one condition after the other. A condition may look at a field that does not arrive. */
function missingFields({ content }: Secret, target: Target, fields: ReadonlyMap<string, SecretValue>): string[] {
  if (content.kind === 'text') return [];
  const textOf = (name: string): string => fields.get(name)?.reveal() ?? '';
  const missing = content.fields.filter(
    ({ name, required }) =>
      (typeof required === 'object' ? required.is.includes(textOf(required.whenField)) : required) &&
      textOf(name) === '' &&
      target.keys.some(({ field }) => field === name),
  );
  if (missing.length < 2) return missing.map(({ name }) => name);
  const conditions = new Map<string, Field[]>();
  for (const field of content.fields.filter(({ name }) => target.keys.some((of) => of.field === name))) {
    const condition =
      typeof field.required === 'object' ? JSON.stringify([field.required.whenField, field.required.is]) : '';
    conditions.set(condition, [...(conditions.get(condition) ?? []), field]);
  }
  const always = missing.filter(({ required }) => required === true);
  const conditional = [...conditions]
    .filter(([condition]) => condition !== '')
    .flatMap(([, of]) => of.filter((field) => missing.includes(field)));
  return [...always, ...conditional].map(({ name }) => name);
}

/**
 * Adds the template's further keys, which win over the fields'. A text without `{{` is itself; `{{ .FIELD }}` alone is that field of the data,
 * declared or not; anything else is for the template engine.
 */
function withTemplate(
  target: Target,
  data: Data,
  fromData: Iterable<readonly [string, ReceivedKey['value']]>,
): Received {
  const keys = new Map(fromData);
  for (const [key, template] of Object.entries(target.template)) {
    const field = /^\{\{(?:-\s+|\s*)\.([A-Za-z_]\w*)(?:\s+-|\s*)\}\}$/.exec(template)?.[1];
    const value = !template.includes('{{')
      ? new SecretValue(template)
      : field === undefined
        ? 'unpredictable'
        : data.get(field);
    if (value === undefined) return notUpdated(`template of ${key}: map has no entry for key "${String(field)}"`);
    keys.set(key, value);
  }
  return { kind: 'synced', keys: [...keys].map(([key, value]) => ({ key, value })) };
}

function notRead(because: string): Received {
  return { kind: 'failed', condition: 'could not get secret data from provider', because };
}

function notUpdated(because: string): Received {
  return { kind: 'failed', condition: 'could not update secret', because };
}
