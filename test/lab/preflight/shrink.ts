/**
 * Smaller cases that still disagree, found with the real operator: of all that one step makes simpler, the smallest one goes on. The steps of
 * several cases are tried together.
 */
import type { Case } from './case.ts';
import { compare } from './compare.ts';
import type { JsonObject } from './kubernetes-object.ts';
import type { Recorded } from './observed.ts';
import type { PreflightLab } from './preflight-lab.ts';
import { runCases } from './run-cases.ts';

const rounds = 8;
/** The test has its own limit, and what is not the smallest is told all the same. */
const limitMs = 120_000;
const stepsOfEach = 90;

type Shrinking = { readonly one: Case; readonly recorded: Recorded };

export async function shrinkAll(
  preflight: PreflightLab,
  found: readonly Shrinking[],
  progress: (line: string) => void,
): Promise<readonly Recorded[]> {
  let smallest = found;
  const endMs = performance.now() + limitMs;
  for (let round = 0; round < rounds && performance.now() < endMs; round++) {
    const steps = smallest.flatMap(({ one }, index) =>
      simpler(one)
        .slice(0, stepsOfEach)
        .map((simplified, step) => ({
          index,
          one: { ...simplified, id: `${one.id.split('-r')[0] ?? ''}-r${round}s${step}` },
        })),
    );
    if (steps.length === 0) break;
    progress(`shrinking, round ${round + 1}: ${steps.length} cases`);
    const recorded = await runCases(
      preflight,
      steps.map(({ one }) => one),
      () => undefined,
    );
    const next = smallest.map((before, index): Shrinking => {
      const still = steps.flatMap(({ index: of, one }, at) => {
        const record = recorded[at];
        return of === index && record !== undefined && signatureOf(record) === signatureOf(before.recorded)
          ? [{ one, recorded: record }]
          : [];
      });
      const [best = before] = still.toSorted((a, b) => sizeOf(a.one) - sizeOf(b.one));
      return best;
    });
    if (next.every((one, index) => one === smallest[index])) break;
    smallest = next;
  }
  return smallest.map(({ recorded }) => recorded);
}

/** What kind of disagreement it is: a smaller case must not show another one. */
function signatureOf(recorded: Recorded): string {
  const comparison = compare(recorded);
  if (comparison.kind !== 'disagreed') return comparison.kind;
  const labels = comparison.differences.map((text) => text.split(':')[0] ?? '');
  return JSON.stringify([labels, recorded.observed.condition]);
}

function sizeOf({ remote, resources, spec, labels, annotations }: Case): number {
  return JSON.stringify([remote, resources, spec, labels, annotations]).length;
}

/** Each with one thing less: an entry, a field, a part of a text. The largest losses first. */
function simpler(one: Case): readonly Case[] {
  const { remote, resources, owners = [], spec, labels = {}, annotations = {} } = one;
  const { secretStoreRef, ...rest } = spec;
  const body: JsonObject = { remote, resources, owners, spec: rest, labels, annotations };
  return simplerValues(body)
    .map((changed): Case => {
      const parts = changed as {
        remote: Case['remote'];
        resources: Case['resources'];
        owners: readonly JsonObject[];
      } & {
        spec: JsonObject;
        labels: Readonly<Record<string, string>>;
        annotations: Readonly<Record<string, string>>;
      };
      return { ...one, ...parts, spec: { secretStoreRef, ...parts.spec } };
    })
    .filter((changed) => sizeOf(changed) < sizeOf(one) && isWhole(changed))
    .toSorted((a, b) => sizeOf(a) - sizeOf(b));
}

/** Every secret and owner that it speaks of is still there. */
function isWhole({ remote, owners = [], resources, spec }: Case): boolean {
  const names = new Set(['case', ...remote.map(({ name }) => name), ...(owners.length > 0 ? ['uid'] : [])]);
  const placeholders = JSON.stringify([resources, spec]).matchAll(/@\{(?:version )?([\w/-]+)[^}]*\}/g);
  return [...placeholders].every(([, name = '']) => names.has(name));
}

/** Fields without which a case is none. */
const needed = new Set([
  'remote',
  'resources',
  'owners',
  'spec',
  'labels',
  'annotations',
  'name',
  'place',
  'value',
  'kind',
  'apiVersion',
]);

function simplerValues(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return simplerTexts(value);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.flatMap((item, index): readonly unknown[] => [
      items.toSpliced(index, 1),
      ...simplerValues(item).map((inner) => items.with(index, inner)),
    ]);
  }
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  return entries.flatMap(([key, part], index) => [
    ...(needed.has(key) ? [] : [Object.fromEntries(entries.toSpliced(index, 1))]),
    ...(key === 'place' || key === 'kind' || key === 'apiVersion'
      ? []
      : simplerValues(part).map((inner) => Object.fromEntries(entries.with(index, [key, inner])))),
  ]);
}

function simplerTexts(text: string): readonly string[] {
  // Placeholders stay whole.
  if (text.includes('@{')) return [];
  const pieces = Math.min(text.length, 8);
  const length = Math.ceil(text.length / Math.max(1, pieces));
  return [
    // Of a template, each action and each text as a whole.
    ...text
      .matchAll(/\{\{[^]*?\}\}|[^{}]+/g)
      .map(({ 0: part, index }) => text.slice(0, index) + text.slice(index + part.length)),
    ...Array.from({ length: pieces }, (_, index) => text.slice(0, index * length) + text.slice((index + 1) * length)),
  ];
}
