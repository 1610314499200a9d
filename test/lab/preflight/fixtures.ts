/**
 * Recorded cases as files, which test/eso/differential replays without a lab. Objects that several cases have are in the file once, and
 * stand in each case as their number.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as prettier from 'prettier';
import type { KubernetesObject } from './kubernetes-object.ts';
import type { Recorded } from './observed.ts';

const fixturesFolder: string = path.join(import.meta.dirname, '../../eso/differential');

type Packed = Omit<Recorded, 'world'> & {
  readonly world: Omit<Recorded['world'], 'stores' | 'resources'> & {
    readonly stores: readonly (number | KubernetesObject)[];
    readonly resources: readonly (number | KubernetesObject)[];
  };
};
type Fixture = { readonly shared: readonly KubernetesObject[]; readonly cases: readonly Packed[] };

/** One that people look into. @returns the file's path */
export async function writeFixture(name: string, recorded: readonly Recorded[]): Promise<string> {
  const file = path.join(fixturesFolder, `${name}.json`);
  const options = await prettier.resolveConfig(file);
  mkdirSync(fixturesFolder, { recursive: true });
  writeFileSync(file, await prettier.format(JSON.stringify(pack(recorded)), { ...options, parser: 'json' }));
  return file;
}

/** One of many cases: a line each. */
export function writeFixtureLines(name: string, recorded: readonly Recorded[]): void {
  const { shared, cases } = pack(recorded);
  const lines = [shared, ...cases].map((line) => `${JSON.stringify(line)}\n`);
  mkdirSync(fixturesFolder, { recursive: true });
  writeFileSync(path.join(fixturesFolder, `${name}.jsonl`), lines.join(''));
}

export function readFixtures(): ReadonlyMap<string, readonly Recorded[]> {
  const files = readdirSync(fixturesFolder).filter((name) => /\.jsonl?$/.test(name));
  return new Map(files.map((name) => [name, unpack(parseFixture(name))]));
}

function parseFixture(name: string): Fixture {
  const text = readFileSync(path.join(fixturesFolder, name), 'utf8');
  if (name.endsWith('.json')) return JSON.parse(text) as Fixture;
  const [shared = '[]', ...cases] = text.split('\n').filter((line) => line !== '');
  return {
    shared: JSON.parse(shared) as Fixture['shared'],
    cases: cases.map((line) => JSON.parse(line) as Packed),
  };
}

function pack(recorded: readonly Recorded[]): Fixture {
  const texts = recorded.flatMap(({ world }) =>
    [...world.stores, ...world.resources].map((one) => JSON.stringify(one)),
  );
  const often = [...Map.groupBy(texts, (text) => text)].flatMap(([text, all]) => (all.length > 1 ? [text] : []));
  const numbers = new Map(often.map((text, index) => [text, index]));
  const packed = (objects: readonly KubernetesObject[]): (number | KubernetesObject)[] =>
    objects.map((one) => numbers.get(JSON.stringify(one)) ?? one);
  return {
    shared: often.map((text) => JSON.parse(text) as KubernetesObject),
    cases: recorded.map((one) => ({
      ...one,
      world: { ...one.world, stores: packed(one.world.stores), resources: packed(one.world.resources) },
    })),
  };
}

function unpack({ shared, cases }: Fixture): readonly Recorded[] {
  const unpacked = (objects: readonly (number | KubernetesObject)[]): KubernetesObject[] =>
    objects.flatMap((one) => (typeof one === 'number' ? (shared[one] ?? []) : one));
  return cases.map((one) => ({
    ...one,
    world: { ...one.world, stores: unpacked(one.world.stores), resources: unpacked(one.world.resources) },
  }));
}
