/** The cluster, as a roll-out looks at it: the ExternalSecrets of an application and what came of them, once, or until they are ready. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterAccess } from '../cluster/cluster-access.ts';
import { contextName } from '../cluster/cluster-access.ts';
import type { ClusterObject } from '../cluster/read-objects.ts';
import { readObjects } from '../cluster/read-objects.ts';
import type { StoreName } from '../model/configuration.ts';
import { PlatformError } from '../model/problem.ts';
import { isObject } from '../model/shape.ts';
import type { Digests, ExpectedSecret } from '../rollout/expected-secret.ts';
import { digestsOf } from '../rollout/expected-secret.ts';
import type { JudgedSecret, SeenSecret } from '../rollout/judge-secret.ts';
import { judgeSecret } from '../rollout/judge-secret.ts';
import { plural } from '../report/plural.ts';
import type { CommandContext } from './command.ts';

const POLL_MS = 1000;
const resources = { externalSecret: 'externalsecrets.external-secrets.io', secret: 'secrets' } as const;

type Names = Pick<ExpectedSecret, 'namespace' | 'name'>;

function idOf({ namespace, name }: Names): string {
  return `${namespace}/${name}`;
}

export class RolloutCluster {
  readonly #access: ClusterAccess;
  readonly #key: Uint8Array;

  /** @param key made for this run: of the digests of Secrets */
  constructor(access: ClusterAccess, key: Uint8Array) {
    this.#access = access;
    this.#key = key;
  }

  /** @returns what kubectl calls it. @throws PlatformError `CLUSTER` */
  name(): Promise<string> {
    return contextName(this.#access).catch(mended);
  }

  /** Needs `get` on externalsecrets and secrets. @throws PlatformError `CLUSTER` */
  async look(targets: readonly Names[]): Promise<ReadonlyMap<string, SeenSecret>> {
    const seen = new Map<string, SeenSecret>();
    for (const [namespace, of] of Map.groupBy(targets, (target) => target.namespace)) {
      const names = of.map(({ name }) => name);
      // In this order: what an ExternalSecret tells is told after its Secret was written.
      const externalSecrets = await this.#read(resources.externalSecret, namespace, names);
      const secrets = await this.#read(resources.secret, namespace, names);
      for (const target of of) {
        const secret = secrets.get(target.name);
        const digests = secret === undefined ? undefined : digestsOf(target, secret['data'], this.#key);
        seen.set(idOf(target), { externalSecret: externalSecrets.get(target.name), digests });
      }
    }
    return seen;
  }

  async #read(resource: string, namespace: string, names: readonly string[]): Promise<Map<unknown, ClusterObject>> {
    const objects = await readObjects(this.#access, { resource, namespace, names }).catch(mended);
    if (objects === 'forbidden')
      throw new PlatformError(
        'CLUSTER',
        `${resource} may not be read in the namespace ${namespace}`,
        'Take a kubeconfig that may get them, or --no-watch to do without.',
      );
    return new Map(objects.map((object) => [isObject(object['metadata']) ? object['metadata']['name'] : '', object]));
  }
}

function mended(error: unknown): never {
  if (!(error instanceof PlatformError)) throw error;
  throw new PlatformError(
    error.code,
    error.message,
    'The cluster is watched with kubectl: --kubeconfig FILE, --context NAME, or --no-watch to do without.',
    error,
  );
}

export type Watching = {
  readonly expected: readonly ExpectedSecret[];
  readonly store: StoreName;
  /** What the Secrets held before; none where they are to change. */
  readonly before: ReadonlyMap<string, Digests>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

export function judgeAll(
  { expected, store, before }: Omit<Watching, 'timeoutMs' | 'signal'>,
  seen: ReadonlyMap<string, SeenSecret>,
): JudgedSecret[] {
  return expected.map((one) => {
    const id = idOf(one);
    const nothing = { externalSecret: undefined, digests: undefined };
    return judgeSecret({ expected: one, store, before: before.get(id) }, seen.get(id) ?? nothing);
  });
}

/**
 * Looks until all are ready, until one holds other bytes, until the time is over or the signal comes. A cluster that does not answer for a
 * while is asked again.
 */
export async function watchCluster(
  cluster: RolloutCluster,
  watching: Watching,
  { note, progress }: Pick<CommandContext, 'note' | 'progress'>,
): Promise<readonly JudgedSecret[]> {
  const deadline = performance.now() + watching.timeoutMs;
  const told = new Set<string>();
  let judged = judgeAll(watching, new Map());
  const line = (): string => {
    const waiting = judged.filter(({ state }) => state !== 'ready');
    const left = Math.max(0, Math.round((deadline - performance.now()) / 1000));
    const [first] = waiting;
    const example = first === undefined ? '' : `; ${first.name}: ${first.because}`;
    return `${judged.length - waiting.length} of ${plural(judged.length, 'ExternalSecret')} ready, ${left} s left${example}`;
  };
  try {
    for (;;) {
      try {
        judged = judgeAll(watching, await cluster.look(watching.expected));
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        if (!told.has(error.message)) note(`${error.message}. It is asked again.`);
        told.add(error.message);
      }
      progress(line);
      for (const one of judged.filter(({ state }) => state === 'ready')) {
        const id = idOf(one);
        if (!told.has(id)) note(`✓ ready: ${id}`);
        told.add(id);
      }
      const isOver = judged.every(({ state }) => state === 'ready') || judged.some(({ state }) => state === 'changed');
      if (isOver || watching.signal.aborted || performance.now() > deadline) return judged;
      await delay(POLL_MS, undefined, { signal: watching.signal }).catch(() => undefined);
    }
  } finally {
    progress(undefined);
  }
}
