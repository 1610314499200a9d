/** One migration, watched from inside both stores: what each run asked and wrote, what others wrote meanwhile, and whether it told the truth. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import type { Run } from '../fixtures/repository.ts';
import type { Arena, Seen, Side } from './arena.ts';
import type { CatalogSecret } from './catalog.ts';
import { hostileFields, isSameFields, marker } from './hostile-values.ts';
import type { Random } from './random.ts';
import type { ToldSecret } from './told.ts';
import { isGood, readDocument, readJournal } from './told.ts';

export type Direction = 'azure' | 'vault';

/**
 * What happens once this many requests of a run were seen, before the last of them is answered.
 * @property of default: all requests; `writes`: those that change the target
 */
export type Moment = {
  readonly at: number;
  readonly of?: 'writes';
  readonly act: (child: ChildProcess) => void;
};

export type NameEvent = 'look' | 'write' | 'other';

/** @property onSecret told of each request that looked at a secret or wrote it, before it is answered */
export type RunPlan = {
  readonly moments?: readonly Moment[];
  readonly onSecret?: (secret: CatalogSecret, side: 'source' | 'target', what: NameEvent) => void;
};

export const kill = (at: number): Moment => ({ at, act: (child) => child.kill('SIGKILL') });

export type Tally = Record<
  'requests' | 'refused' | 'failed' | 'cut' | 'writes' | 'runs' | 'kills' | 'races' | 'underFaults',
  number
>;

export class Trial {
  readonly tally: Tally = {
    ...{ requests: 0, refused: 0, failed: 0, cut: 0, writes: 0, runs: 0, kills: 0, races: 0, underFaults: 0 },
  };
  readonly source: Side;
  readonly target: Side;
  readonly #arena: Arena;
  readonly #random: Random;
  readonly command: string;
  /** Ids of the target's versions that others wrote: `secret id`. */
  readonly #others = new Set<string>();
  readonly #races = new Set<CatalogSecret>();
  readonly #events = new Map<string, NameEvent[]>();
  /** Secrets that others wrote during the run in hand. */
  #touched = new Set<CatalogSecret>();

  constructor(arena: Arena, random: Random, direction: Direction) {
    [this.#arena, this.#random] = [arena, random];
    [this.source, this.target] = direction === 'azure' ? ['vault', 'key-vault'] : ['key-vault', 'vault'];
    this.command = `migrate-secrets-to-${direction}`;
  }

  otherWrites(at: number, side: 'source' | 'target', secret: CatalogSecret): Moment {
    return { at, act: () => this.writeAsOther(side, secret) };
  }

  /** Another value than any before. */
  writeAsOther(side: 'source' | 'target', secret: CatalogSecret): void {
    const id = this.#arena.inside[this[side]].write(secret, hostileFields(secret, this.#random, 1000));
    this.#touched.add(secret);
    if (side === 'source') return;
    this.#others.add(`${secret.name} ${id}`);
    this.#eventsOf(secret).push('other');
  }

  /** Runs the command once, and holds what it says against what is there. @returns undefined where it was killed */
  async run(plan: RunPlan = {}): Promise<Run | undefined> {
    const arena = this.#arena;
    // Names of the stores differ, so that one map serves both.
    const secrets = new Map(
      arena.secrets.flatMap((secret) => [
        [secret.vaultPath, secret],
        [secret.keyVaultName, secret],
      ]),
    );
    const waiting = new Set(plan.moments);
    this.#touched = new Set();
    this.tally.runs += 1;
    const { child, finished } = arena.start(this.command, '--yes', '--output', 'json');
    const counts = { requests: 0, writes: 0 };
    arena.onSeen = (seen) => {
      counts.requests += 1;
      if (seen.isWrite) counts.writes += 1;
      this.#count(seen);
      const secret = secrets.get(seen.name ?? '');
      const what = eventOf(seen);
      if (secret !== undefined && what !== undefined) {
        const side = seen.side === this.target ? 'target' : 'source';
        if (side === 'target') this.#eventsOf(secret).push(what);
        plan.onSecret?.(secret, side, what);
      }
      for (const moment of waiting)
        if (counts[moment.of ?? 'requests'] >= moment.at && waiting.delete(moment)) moment.act(child);
    };
    const run = await finished;
    arena.onSeen = () => undefined;
    this.#checkStores();
    assert.ok(!`${run.stdout}${run.stderr}`.includes(marker), 'a value was printed');
    for (const { line, isLast } of readJournal(arena.journal()))
      assert.ok(typeof line === 'object' || isLast, `the journal has a broken line: ${JSON.stringify(line)}`);
    assert.ok(!arena.journal().includes(marker), 'a value is in the journal');
    if (child.signalCode === 'SIGKILL') {
      this.tally.kills += 1;
      return undefined;
    }
    this.#checkTold(run);
    return run;
  }

  /** Secrets that the target does not have as the source has them now. */
  get wrong(): readonly CatalogSecret[] {
    const { secrets, inside } = this.#arena;
    return secrets.filter((secret) => {
      const [now, then] = [inside[this.target], inside[this.source]].map((side) => side.versions(secret).at(-1));
      return now === undefined || then === undefined || !isSameFields(now.fields, then.fields);
    });
  }

  get versionCount(): number {
    const { secrets, inside } = this.#arena;
    return secrets.reduce((sum, secret) => sum + inside[this.target].versions(secret).length, 0);
  }

  #count({ request, isWrite, side }: Seen): void {
    const { tally } = this;
    tally.requests += 1;
    if (request.fault === 'status') tally[request.status === 429 ? 'refused' : 'failed'] += 1;
    else if (request.fault !== undefined) tally.cut += 1;
    if (!isWrite) return;
    assert.notEqual(side, this.source, 'the source was written');
    if (request.fault !== 'status' && request.fault !== 'refuse' && request.status < 300) tally.writes += 1;
  }

  #eventsOf({ name }: CatalogSecret): NameEvent[] {
    const events = this.#events.get(name) ?? [];
    this.#events.set(name, events);
    return events;
  }

  /** Holds at every moment, however a run ended: one version of ours at most, of a value that the source had, and never over another's. */
  #checkStores(): void {
    const { secrets, inside } = this.#arena;
    for (const secret of secrets) {
      const versions = inside[this.target].versions(secret);
      const isOurs = ({ id }: { id: string }): boolean => !this.#others.has(`${secret.name} ${id}`);
      const ours = versions.filter(isOurs);
      assert.ok(ours.length <= 1, `${secret.name} was written ${ours.length} times`);
      const [own] = ours;
      if (own === undefined) continue;
      const held = inside[this.source].versions(secret);
      assert.ok(
        held.some(({ fields }) => isSameFields(fields, own.fields)),
        `${secret.name} was altered: ${JSON.stringify([held.at(-1)?.fields, own.fields])}`,
      );
      if (versions.indexOf(own) > 0) this.#excuse(secret);
    }
  }

  /** Key Vault compares nothing itself: who writes between the client's look and its write is overwritten, by no fault of the client. */
  #excuse(secret: CatalogSecret): void {
    const events = this.#eventsOf(secret);
    const write = events.lastIndexOf('write');
    const isRace = this.target === 'key-vault' && events[write - 1] === 'other';
    assert.ok(isRace, `${secret.name} was overwritten: ${events.join(', ')}`);
    this.#races.add(secret);
    this.tally.races = this.#races.size;
  }

  #checkTold(run: Run): void {
    const { status } = run;
    assert.ok(status === 0 || status === 1 || status === 2, `exit ${status}: ${run.stdout}${run.stderr}`);
    const { outcome, problems, secrets } = readDocument(run.stdout);
    assert.equal(outcome, status === 0 ? 'clean' : status === 1 ? 'findings' : 'failed');
    if (status !== 0) assert.ok(problems > 0 || secrets.some((one) => !isGood(one)), `exit ${status} without a reason`);
    const wrong = new Set(this.wrong.filter((secret) => !this.#touched.has(secret)).map(({ name }) => name));
    if (status === 0) assert.deepEqual([...wrong], [], 'exit 0, and not the same');
    const lied = secrets.filter((one) => isGood(one) && wrong.has(one.name));
    assert.deepEqual(lied, [], 'told to be there, and is not');
  }

  /** After a run without faults and others: exactly what is not as it should be is told, each with why. */
  checkComplete(run: Run | undefined): void {
    assert.ok(run !== undefined);
    const wrong = this.wrong.map(({ name }) => name);
    const told = readDocument(run.stdout).secrets;
    assert.equal(told.length, this.#arena.secrets.length);
    const open = told.filter((one: ToldSecret) => !isGood(one)).map(({ name }) => name);
    assert.deepEqual(open, wrong, 'what is told is not what is wrong');
    assert.equal(run.status, wrong.length === 0 ? 0 : 1, run.stderr);
    const { inside, secrets } = this.#arena;
    for (const secret of secrets) {
      const [newest, ...others] = inside[this.target].versions(secret).toReversed();
      assert.ok(newest !== undefined, `${secret.name} is lost`);
      if (others.length > 0 || this.#others.has(`${secret.name} ${newest.id}`)) continue;
      for (const [name, text] of Object.entries(inside[this.source].tags(secret)))
        assert.equal(inside[this.target].tags(secret)[name], text, `${secret.name} has lost its tag ${name}`);
    }
  }
}

/** Undefined where the client has seen nothing by it, and written nothing. */
function eventOf({ request, isWrite }: Seen): NameEvent | undefined {
  const { method, status, fault } = request;
  if (isWrite) {
    const isDone = fault !== 'status' && fault !== 'refuse' && (status === 200 || status === 0);
    return isDone && method !== 'PATCH' ? 'write' : undefined;
  }
  return fault === undefined && (status === 200 || status === 404) ? 'look' : undefined;
}
