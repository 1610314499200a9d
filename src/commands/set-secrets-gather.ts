/** Where the values of one secret come from: files, the generator, or a person. */
import type { Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import { generateValue, isGenerated } from '../set-secrets/generate-value.ts';
import { checkValue } from '../set-secrets/given-values.ts';
import { fieldsOf, lackingFields, nextField, openFields } from '../set-secrets/lacking-fields.ts';
import type { OpenedSecret } from '../set-secrets/open-secret.ts';
import type { GivenField, GivenFields } from '../set-secrets/set-secret-item.ts';
import type { SecretStore } from '../stores/contract.ts';
import type { SetSecretsOptions } from './set-secrets-options.ts';

/** Whether the command line says where values come from: then nobody is asked for one. */
export function isSourced({ generate }: Pick<SetSecretsOptions, 'generate'>, sources: GivenFields): boolean {
  return generate || sources.size > 0;
}

/** What was given, and what the generator adds to it. */
export function gatherSourced(
  secret: Secret,
  { values }: OpenedSecret,
  sources: GivenFields,
  { generate, field }: Pick<SetSecretsOptions, 'generate' | 'field'>,
): GivenFields {
  if (!generate) return sources;
  const there = new Map([...values, ...[...sources].map(([name, { value }]) => [name, value] as const)]);
  const wanted =
    field === undefined
      ? lackingFields(secret, there)
          .filter(({ need }) => need !== 'undecided')
          .map((lacking) => lacking.field)
      : fieldsOf(secret).filter(({ name }) => name === field);
  const generated = wanted.filter(isGenerated).flatMap(({ name, format }): [string, GivenField][] => {
    const value = generateValue(format);
    return value === undefined || sources.has(name) ? [] : [[name, { value, from: 'generated' }]];
  });
  return new Map([...sources, ...generated]);
}

/** @returns what the catalog has against what was given, in one line; empty where it is nothing */
export function objections(secret: Secret, given: GivenFields): string {
  return fieldsOf(secret)
    .flatMap((field) => {
      const one = given.get(field.name);
      const wrong = one && checkValue(field, one.value);
      if (one === undefined || wrong === undefined) return [];
      // The bytes of a file stay as they are: whether a line break is part of the value is not for us to say.
      const isBreak = one.from !== 'entered' && /[\r\n]$/.test(one.value.reveal()) && wrong.includes('white space');
      return [`${field.name} ${wrong}${isBreak ? " (printf '%s' writes none)" : ''}`];
    })
    .join('; ');
}

/** Whether a person is to be asked about it. */
export function isAskedFor(
  secret: Secret,
  { values }: OpenedSecret,
  { field, isNamed }: Pick<SetSecretsOptions, 'field' | 'isNamed'>,
): boolean {
  if (field !== undefined) return true;
  // Optional fields are asked for where the secret was named, or on the way.
  return openFields(secret, values).length > 0 || (isNamed && nextField(secret, values, new Set()) !== undefined);
}

/** Before anything is asked for that could not be written. Where a store does not tell, it may be. */
export async function mayWrite(secret: Secret, client: SecretStore): Promise<boolean> {
  const permissions = await client.permissions(remoteKey(secret));
  return permissions.kind === 'unknown' || permissions.allowed.has('write');
}
