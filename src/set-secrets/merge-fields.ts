/** Fields put into the text that a store holds. All other fields keep their bytes and their order. Pure. */
import { remarshal } from '../eso/go-json.ts';
import type { Secret } from '../model/platform.ts';
import type { SecretField } from '../model/secret-text.ts';
import { parseFields, quoteText, renderFields, unquoteText } from '../model/secret-text.ts';
import { SecretValue } from '../model/secret-value.ts';
import type { StoreCapabilities } from '../stores/contract.ts';
import type { Values } from './lacking-fields.ts';

/** What is in the store under these names, as JSON, or undefined: to tell whether it changed. */
export type Found = ReadonlyMap<string, string | undefined>;

type Place = { readonly content: Secret['content']; readonly holds: StoreCapabilities['holds'] };

/** @returns whether the whole value is the one field */
function isBare({ content, holds }: Place): boolean {
  return content.kind === 'text' && holds === 'text';
}

/**
 * @param base what is there; undefined where nothing is
 * @returns undefined where what is there is no JSON object, and would have to be thrown away
 */
export function mergeFields(place: Place, base: SecretValue | undefined, changes: Values): SecretValue | undefined {
  if (isBare(place)) {
    const [text] = changes.values();
    return text ?? base;
  }
  const fields = readFields(base);
  if (fields === undefined) return undefined;
  const merged = new Map(fields.map(({ name, raw }) => [name, raw]));
  for (const [name, value] of changes) merged.set(name, quoteText(value.reveal()));
  return new SecretValue(renderFields([...merged].map(([name, raw]) => ({ name, raw }))));
}

/** What is there under these names. Empty where nothing can be. */
export function findFields(place: Place, base: SecretValue | undefined, names: Iterable<string>): Found {
  if (isBare(place)) return new Map([...names].map((name) => [name, base && quoteText(base.reveal())]));
  const fields = readFields(base) ?? [];
  return new Map([...names].map((name) => [name, fields.find((field) => field.name === name)?.raw]));
}

/** Whether it is there, and something: an empty text and null are nothing to lose. */
export function isSomething(raw: string | undefined): boolean {
  return raw !== undefined && raw !== '""' && raw !== 'null';
}

/** @returns the changes that would change something: a text that is there already is none */
export function realChanges(place: Place, base: SecretValue | undefined, changes: Values): Values {
  const found = findFields(place, base, changes.keys());
  return new Map(
    [...changes].filter(([name, value]) => {
      const raw = found.get(name);
      const text = raw === undefined ? undefined : unquoteText(raw);
      return text === undefined || !new SecretValue(text).equals(value);
    }),
  );
}

/** Whether a store gave back what it was given: its own order of fields and its own escapes are no difference. */
export function isSameValue(place: Place, one: SecretValue, other: SecretValue): boolean {
  if (one.equals(other)) return true;
  if (place.holds === 'text') return false;
  const [mine, theirs] = [one, other].map((value) => remarshal(value.reveal(), 'literal'));
  return mine !== undefined && theirs !== undefined && new SecretValue(mine).equals(new SecretValue(theirs));
}

function readFields(base: SecretValue | undefined): readonly SecretField[] | undefined {
  if (base === undefined) return [];
  const parsed = parseFields(base.reveal());
  return parsed.kind === 'fields' ? parsed.fields : undefined;
}
