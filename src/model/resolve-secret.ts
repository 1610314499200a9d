/** A secret with every default filled in. Pure. */
import type { FieldDefinition, SecretDefinition, StoreName, TargetDefinition } from './configuration.ts';
import type { Field, FieldsContent, Secret, Target } from './platform.ts';

/** @param namespaces of the applications, by their names */
export function resolveSecret(
  name: string,
  definition: SecretDefinition,
  store: StoreName,
  namespaces: ReadonlyMap<string, string>,
): Secret {
  return {
    name,
    description: definition.description,
    application: definition.application,
    store,
    vaultPath: definition.vaultPath,
    keyVaultName: definition.keyVaultName,
    content:
      definition.fields === undefined
        ? {
            kind: 'text',
            field: resolveField('text', { description: definition.description, ...definition.text }),
            vaultProperty: definition.text.vaultProperty ?? 'value',
          }
        : resolveFields(definition.fields),
    targets: (definition.targets as readonly TargetDefinition[]).map((target) =>
      resolveTarget(target, definition, namespaces),
    ),
  };
}

/** Thousands of secrets of one kind state their fields once, and so do we: by the object that they are stated in, which nobody changes. */
const resolvedFields = new WeakMap<object, FieldsContent>();
const plainKeys = new WeakMap<object, Target['keys']>();
const nothing: Readonly<Record<string, never>> = Object.freeze({});

function resolveFields(definitions: Readonly<Record<string, FieldDefinition>>): FieldsContent {
  let content = resolvedFields.get(definitions);
  if (content === undefined) {
    const fields = Object.entries<FieldDefinition>(definitions).map(([name, of]) => resolveField(name, of));
    content = { kind: 'fields', fields };
    resolvedFields.set(definitions, content);
  }
  return content;
}

function resolveField(name: string, definition: FieldDefinition): Field {
  return {
    name,
    description: definition.description,
    format: definition.format,
    required: definition.required ?? true,
    origin: definition.origin ?? 'external',
    obtainedFrom: definition.obtainedFrom,
    rotateAfterDays: definition.rotateAfterDays,
  };
}

function resolveTarget(
  target: TargetDefinition,
  definition: SecretDefinition,
  namespaces: ReadonlyMap<string, string>,
): Target {
  const application = target.application ?? definition.application;
  return {
    name: target.name,
    namespace: target.namespace ?? namespaces.get(application) ?? application,
    application,
    type: target.type ?? 'Opaque',
    labels: target.labels ?? nothing,
    annotations: target.annotations ?? nothing,
    keys: resolveKeys(target, definition),
    template: target.template ?? nothing,
  };
}

function resolveKeys(target: TargetDefinition, { fields }: SecretDefinition): Target['keys'] {
  if (fields === undefined) return [{ field: 'text', key: target.key ?? 'text' }];
  if (target.fields !== undefined || target.keys !== undefined) {
    const renamed = (target.keys ?? {}) as Readonly<Record<string, string | undefined>>;
    return Object.keys(fields)
      .filter((field) => target.fields?.includes(field) ?? true)
      .map((field) => ({ field, key: renamed[field] ?? field }));
  }
  let keys = plainKeys.get(fields);
  if (keys === undefined) {
    keys = Object.keys(fields).map((field) => ({ field, key: field }));
    plainKeys.set(fields, keys);
  }
  return keys;
}
