/**
 * Cases through the real operator, some hundred at a time: everything is applied, then everything is waited for, then everything is read, once,
 * and deleted, so that those that fail are not tried again while the next ones run.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Kubernetes } from '../kubernetes.ts';
import { until } from '../until.ts';
import { applyAll } from './apply.ts';
import { externalSecretOf, fillIn, namespace, targetOf } from './case.ts';
import type { Case } from './case.ts';
import type { JsonObject, KubernetesObject } from './kubernetes-object.ts';
import type { Recorded } from './observed.ts';
import { eventCounts, externalSecretsPath, observe, readState, untilSettled } from './observe.ts';
import type { EventCounts } from './observe.ts';
import type { PreflightLab } from './preflight-lab.ts';
import { writeRemote } from './remote-writes.ts';
import type { Written, WrittenSecret } from './remote-writes.ts';
import { slim } from './slim.ts';

const atOnce = 400;

export async function runCases(
  preflight: PreflightLab,
  cases: readonly Case[],
  progress: (line: string) => void,
): Promise<readonly Recorded[]> {
  const recorded: Recorded[] = [];
  for (let from = 0; from < cases.length; from += atOnce) {
    recorded.push(...(await runBatch(preflight, cases.slice(from, from + atOnce))));
    progress(`${recorded.length} of ${cases.length} cases`);
  }
  return recorded;
}

/** A case that is ready to be tried: what it needs is there. */
type Prepared = {
  readonly one: Case;
  readonly remote: readonly WrittenSecret[];
  /** As the API server has them. */
  readonly resources: readonly KubernetesObject[];
  readonly externalSecret: KubernetesObject;
  readonly before?: KubernetesObject;
  /** Why it cannot be tried. */
  readonly refused?: string;
};

async function runBatch(preflight: PreflightLab, cases: readonly Case[]): Promise<readonly Recorded[]> {
  const { kubernetes } = preflight.lab;
  const prepared = await prepare(preflight, cases);
  // The operator's cache of Secrets must have them: a target that it does not see is created, and that fails.
  await wait(1000);
  const earlier = await runEarlier(kubernetes, prepared);
  const tried = prepared.filter(({ refused, one }) => refused === undefined && !earlier.failed.has(one.id));
  const answers = await applyAll(
    kubernetes,
    tried.map(({ externalSecret }) => externalSecret),
  );
  const taken = new Map(
    tried.map(({ one }, index) => {
      const { status, text } = answers[index] ?? { status: 500, text: '{}' };
      return [one.id, status < 400 ? (JSON.parse(text) as KubernetesObject) : messageOf(text)];
    }),
  );
  const ids = new Set([...taken].flatMap(([id, answer]) => (typeof answer === 'string' ? [] : [id])));
  await untilSettled(kubernetes, ids, earlier.told);
  const state = await readState(kubernetes, earlier.told);
  const recorded = prepared.map((one): Recorded => {
    const answer = taken.get(one.one.id);
    if (answer === undefined)
      return record(preflight, one, {
        untried: one.refused ?? 'it was not synced before',
        events: [],
      });
    if (typeof answer === 'string') return record(preflight, one, { refused: answer, events: [] });
    return record(preflight, afterEarlier(one, answer, earlier.targets.get(one.one.id)), observe(state, answer));
  });
  await clear(kubernetes);
  return recorded;
}

type Earlier = {
  /** The Secrets that came of it, by case. */
  readonly targets: ReadonlyMap<string, KubernetesObject>;
  readonly failed: ReadonlySet<string>;
  readonly told: EventCounts;
};

/** What ExternalSecrets were before: each must be synced, since one that fails is tried again at any time. */
async function runEarlier(kubernetes: Kubernetes, prepared: readonly Prepared[]): Promise<Earlier> {
  const earlier = prepared.flatMap(({ one, before, refused }) =>
    before === undefined || refused !== undefined ? [] : [{ id: one.id, before }],
  );
  if (earlier.length === 0) return { targets: new Map(), failed: new Set(), told: new Map() };
  await applyAll(
    kubernetes,
    earlier.map(({ before }) => before),
  );
  await untilSettled(kubernetes, new Set(earlier.map(({ id }) => id)));
  const state = await readState(kubernetes);
  const targets = earlier.flatMap(({ id, before }): [string, KubernetesObject][] => {
    const found = state.secrets.get(targetOf(before));
    return found === undefined ? [] : [[id, { ...found, apiVersion: 'v1', kind: 'Secret' }]];
  });
  const failed = earlier.filter(({ before }) => {
    const found = state.externalSecrets.get(before.metadata.name);
    return found === undefined || observe(state, found).condition?.status !== 'True';
  });
  return { targets: new Map(targets), failed: new Set(failed.map(({ id }) => id)), told: eventCounts(state) };
}

/**
 * What is applied over another is what the API server makes of both: where a template is left out that was there, an empty one stays, since the
 * operator wrote `metadata: {}` into it when it added its finalizer.
 */
function afterEarlier(prepared: Prepared, answer: KubernetesObject, target: KubernetesObject | undefined): Prepared {
  if (prepared.before === undefined) return prepared;
  const others = prepared.resources.filter((one) => target === undefined || !isSame(one, target));
  return { ...prepared, externalSecret: answer, resources: target === undefined ? others : [...others, target] };
}

function isSame(one: KubernetesObject, other: KubernetesObject): boolean {
  return one.kind === other.kind && one.metadata.name === other.metadata.name;
}

async function prepare(preflight: PreflightLab, cases: readonly Case[]): Promise<readonly Prepared[]> {
  const { kubernetes } = preflight.lab;
  const written = await writeRemote(preflight, cases);
  const owners = await applyEach(kubernetes, cases, (one) =>
    (one.owners ?? []).map((owner) => inNamespace(fillIn(one, owner))),
  );
  const fillings = new Map(
    cases.map((one) => {
      const remote = secretsOf(written.get(one.id));
      const [owner] = owners.get(one.id)?.objects ?? [];
      const versions = new Map(remote.map(({ key, versions }) => [key, versions]));
      return [one.id, { versions, ownerUid: owner?.metadata.uid ?? '' }];
    }),
  );
  const resources = await applyEach(kubernetes, cases, (one) =>
    one.resources.map((resource) => inNamespace(fillIn(one, resource, fillings.get(one.id)))),
  );
  return cases.map((one): Prepared => {
    const remote = written.get(one.id);
    const refused =
      (remote !== undefined && 'refused' in remote ? remote.refused : undefined) ??
      owners.get(one.id)?.refused ??
      resources.get(one.id)?.refused;
    return {
      one,
      remote: secretsOf(remote),
      resources: resources.get(one.id)?.objects ?? [],
      externalSecret: externalSecretOf(one, fillings.get(one.id)),
      ...(one.before !== undefined && { before: externalSecretOf(one, fillings.get(one.id), one.before) }),
      ...(refused !== undefined && { refused }),
    };
  });
}

function secretsOf(written: Written | undefined): readonly WrittenSecret[] {
  return written === undefined || 'refused' in written ? [] : written;
}

type AppliedObjects = { readonly objects: readonly KubernetesObject[]; readonly refused?: string };

async function applyEach(
  kubernetes: Kubernetes,
  cases: readonly Case[],
  objectsOf: (one: Case) => readonly KubernetesObject[],
): Promise<ReadonlyMap<string, AppliedObjects>> {
  const all = cases.flatMap((one) => objectsOf(one).map((object) => ({ id: one.id, object })));
  const answers = await applyAll(
    kubernetes,
    all.map(({ object }) => object),
  );
  const byCase = Map.groupBy(
    all.map(({ id }, index) => ({ id, answer: answers[index] ?? { status: 500, text: '{}' } })),
    ({ id }) => id,
  );
  return new Map(
    [...byCase].map(([id, own]): [string, AppliedObjects] => {
      const refused = own.find(({ answer }) => answer.status >= 400);
      if (refused !== undefined) return [id, { objects: [], refused: messageOf(refused.answer.text) }];
      return [id, { objects: own.map(({ answer }) => JSON.parse(answer.text) as KubernetesObject) }];
    }),
  );
}

function record(
  { stores, prepared, namespaceLabels }: PreflightLab,
  { one: { id, family, about }, remote, resources, externalSecret }: Prepared,
  observed: Recorded['observed'],
): Recorded {
  const names = JSON.stringify(externalSecret);
  const named = stores.filter(({ metadata }) => names.includes(`"${metadata.name}"`));
  const texts = JSON.stringify(named.map(({ spec }) => spec));
  const needed = prepared.filter(({ kind, metadata }) => kind !== 'Namespace' && texts.includes(`"${metadata.name}"`));
  const world = {
    ...{ stores: named.map(slim), resources: [...needed, ...resources].map(slim) },
    ...{ remote, namespaceLabels },
  };
  return { id, family, about, world, externalSecret: slim(externalSecret), observed };
}

function inNamespace(resource: JsonObject): KubernetesObject {
  const object = resource as KubernetesObject;
  return { ...object, metadata: { namespace, ...object.metadata } };
}

function messageOf(text: string): string {
  return (JSON.parse(text) as { message?: string }).message ?? text;
}

async function clear({ kubectl, get, send }: Kubernetes): Promise<void> {
  const left = async (): Promise<readonly KubernetesObject[]> => {
    const { text } = await get(externalSecretsPath);
    return (JSON.parse(text) as { items: readonly KubernetesObject[] }).items;
  };
  await kubectl(['delete', 'externalsecrets', '--all', '--namespace', namespace, '--wait=false']);
  const deadline = performance.now() + 15_000;
  while (performance.now() < deadline && (await left()).length > 0) await wait(500);
  // Of one that the operator may not change, as with two kinds of source in an entry, it cannot take its finalizer away either.
  for (const { metadata } of await left())
    await send(
      'PATCH',
      `${externalSecretsPath}/${metadata.name}`,
      { metadata: { finalizers: null } },
      'application/merge-patch+json',
    );
  await until('the ExternalSecrets are deleted', async () => (await left()).length === 0);
}
