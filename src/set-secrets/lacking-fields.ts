/** What a secret lacks of what the catalog declares, in the order in which a person is asked for it. Pure. */
import type { Field, Secret } from '../model/platform.ts';
import type { SecretValue } from '../model/secret-value.ts';
import { checkValues } from '../model/value-rules.ts';

export type Values = ReadonlyMap<string, SecretValue>;

export type LackingField = {
  readonly field: Field;
  /** `placeholder`, `malformed`: something is there, and it is no value of this field. */
  readonly state: 'missing' | 'empty' | 'placeholder' | 'malformed';
  /** `undecided`: the field that decides it is lacking itself. */
  readonly need: 'required' | 'optional' | 'undecided';
  /** To be read behind the field's name: `is missing, and required: LLM_PROVIDER is openai`. */
  readonly message: string;
};

/** A plain text is one field, under its name in Vault. */
export function fieldsOf({ content }: Pick<Secret, 'content'>): readonly Field[] {
  return content.kind === 'fields'
    ? content.fields
    : [{ ...content.field, name: content.vaultProperty, required: true }];
}

/** In the order of the catalog. What is required under a condition that does not hold is not lacking. */
export function lackingFields(secret: Pick<Secret, 'content'>, values: Values): readonly LackingField[] {
  const findings = new Map(checkValues(secret, values).map((finding) => [finding.field, finding]));
  return fieldsOf(secret).flatMap((field): LackingField[] => {
    const finding = findings.get(field.name);
    const text = values.get(field.name)?.reveal() ?? '';
    if (finding === undefined && text !== '') return [];
    const need = needOf(field);
    if (finding !== undefined) {
      const { kind: state, message } = finding;
      return [{ field, state, need: need ?? 'optional', message }];
    }
    if (need === undefined) return [];
    const state = values.has(field.name) ? 'empty' : 'missing';
    return [{ field, state, need, message: `is ${state}, and ${wordsOf(field)}` }];
  });

  /** @returns undefined where its condition does not hold */
  function needOf({ required }: Field): LackingField['need'] | undefined {
    if (typeof required === 'boolean') return required ? 'required' : 'optional';
    const deciding = values.get(required.whenField)?.reveal() ?? '';
    if (required.is.includes(deciding)) return 'required';
    return deciding === '' || findings.has(required.whenField) ? 'undecided' : undefined;
  }
}

/** What the operator would miss: required, and not there. Names. */
export function missingFields(secret: Pick<Secret, 'content'>, values: Values): readonly string[] {
  return lackingFields(secret, values)
    .filter(({ state, need }) => need === 'required' && (state === 'missing' || state === 'empty'))
    .map(({ field }) => field.name);
}

/** What a person has to do something about: everything but optional fields that are not there, and what is not decided yet. */
export function openFields(secret: Pick<Secret, 'content'>, values: Values): readonly LackingField[] {
  return lackingFields(secret, values).filter(
    ({ state, need }) => need === 'required' || state === 'placeholder' || state === 'malformed',
  );
}

/**
 * The field to ask for next. Asked again after each answer, for an answer may make others required: also ones that come before it in the catalog.
 *
 * @param values with the answers so far
 * @param passed fields that were asked for already, or are not to be
 */
export function nextField(
  secret: Pick<Secret, 'content'>,
  values: Values,
  passed: ReadonlySet<string>,
): LackingField | undefined {
  return lackingFields(secret, values).find(({ field, need }) => need !== 'undecided' && !passed.has(field.name));
}

/** When it is required, for people: `required if LLM_PROVIDER is openai`. */
export function wordsOf({ required }: Pick<Field, 'required'>): string {
  if (typeof required === 'boolean') return required ? 'required' : 'optional';
  return `required if ${required.whenField} is ${required.is.join(' or ')}`;
}
