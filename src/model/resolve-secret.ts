/** A secret with every default filled in. Pure. */
import type { FieldDefinition, SecretDefinition, StoreName, TargetDefinition } from './configuration.ts';
import type { Field, Secret, Target } from './platform.ts';

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
        : {
            kind: 'fields',
            fields: Object.entries<FieldDefinition>(definition.fields).map(([field, of]) => resolveField(field, of)),
          },
    targets: (definition.targets as readonly TargetDefinition[]).map((target) =>
      resolveTarget(target, definition, namespaces),
    ),
  };
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
  const renamed = (target.keys ?? {}) as Readonly<Record<string, string | undefined>>;
  const keys =
    definition.fields === undefined
      ? [{ field: 'text', key: target.key ?? 'text' }]
      : Object.keys(definition.fields)
          .filter((field) => target.fields?.includes(field) ?? true)
          .map((field) => ({ field, key: renamed[field] ?? field }));
  return {
    name: target.name,
    namespace: target.namespace ?? namespaces.get(application) ?? application,
    application,
    type: target.type ?? 'Opaque',
    labels: target.labels ?? {},
    annotations: target.annotations ?? {},
    keys,
    template: target.template ?? {},
  };
}
