/** The questions: what a field is, and its value, of which nothing is shown. */
import type { Field, Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import { SecretValue } from '../model/secret-value.ts';
import { checkValue } from '../set-secrets/given-values.ts';
import { generateValue, isGenerated } from '../set-secrets/generate-value.ts';
import type { Values } from '../set-secrets/lacking-fields.ts';
import { fieldsOf, lackingFields, missingFields, nextField } from '../set-secrets/lacking-fields.ts';
import type { OpenedSecret } from '../set-secrets/open-secret.ts';
import type { GivenField, GivenFields } from '../set-secrets/set-secret-item.ts';
import { explainField } from '../report/set-secrets-report.ts';
import type { CommandContext } from './command.ts';

export type Asking = {
  readonly askHidden: NonNullable<CommandContext['askHidden']>;
  readonly note: CommandContext['note'];
  /** Only this field, and what it makes required. */
  readonly field: string | undefined;
  /** For people: `Vault http://localhost:8200`. */
  readonly storeName: string;
  /** Such as `1 of 3`. */
  readonly progress: string;
};

/** @throws {StoppedError} */
export async function askFields(secret: Secret, opened: OpenedSecret, asking: Asking): Promise<GivenFields> {
  const { note, field, storeName, progress } = asking;
  const given = new Map<string, GivenField>();
  const passed = new Set<string>();
  const values = (): Values =>
    new Map([...opened.values, ...[...given].map(([name, { value }]) => [name, value] as const)]);
  const missingBefore = new Set(missingFields(secret, opened.values));

  note(`\n${secret.name}: ${secret.description}${progress}`);
  note(`  ${storeName}: ${remoteKey(secret)}${opened.base === undefined ? ', which is not there yet' : ''}`);
  note(`  received as ${secret.targets.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')}`);
  for (let asked = next(); asked !== undefined; asked = next()) {
    passed.add(asked.name);
    const answer = await askField(asked, secret, values(), asking);
    if (answer !== undefined) given.set(asked.name, answer);
  }
  const skipped = [...passed].filter((name) => !given.has(name));
  const parts = [
    ...[...Map.groupBy(given, ([, { from }]) => from)].map(
      ([from, of]) => `${from}: ${of.map(([name]) => name).join(', ')}`,
    ),
    ...(skipped.length === 0 ? [] : [`skipped: ${skipped.join(', ')}`]),
  ];
  note(`\n  ${parts.join('; ')}`);
  return given;

  function next(): Field | undefined {
    if (field === undefined) return nextField(secret, values(), passed)?.field;
    const required = missingFields(secret, values()).filter((name) => !missingBefore.has(name));
    const name = [field, ...required].find((one) => !passed.has(one));
    return fieldsOf(secret).find((one) => one.name === name);
  }
}

/** @returns undefined where it is skipped */
async function askField(
  field: Field,
  secret: Secret,
  values: Values,
  { askHidden, note }: Asking,
): Promise<GivenField | undefined> {
  const lacking = lackingFields(secret, values).find((one) => one.field.name === field.name);
  note(`\n${explainField(field, { lacking, isThere: values.has(field.name), canGenerate: isGenerated(field) })}`);
  for (;;) {
    const text = await askHidden(`${field.name}: `);
    if (text === '') {
      const value = isGenerated(field) ? generateValue(field.format) : undefined;
      return value && { value, from: 'generated' };
    }
    const value = new SecretValue(text);
    const wrong = checkValue(field, value);
    if (wrong === undefined) return { value, from: 'entered' };
    note(`  ✗ ${field.name} ${wrong}. Once more.`);
  }
}
