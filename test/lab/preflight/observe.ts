/** What is seen of the operator's work in the cluster. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Kubernetes } from '../kubernetes.ts';
import { namespace, targetOf } from './case.ts';
import type { KubernetesObject, ObjectMetadata } from './kubernetes-object.ts';
import type { Observed, ObservedEvent, ObservedSecret } from './observed.ts';

/** So long nothing happens, and what is there is all that comes: of those that are meant to have something, and of the others. */
const restsMs = { expected: 30_000, silent: 5000 };
const deadlineMs = 120_000;
const dataHash = 'reconcile.external-secrets.io/data-hash';

export const externalSecretsPath = `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets`;

type Status = {
  readonly syncedResourceVersion?: string;
  readonly conditions?: readonly { type: string; status: string; reason: string; message: string }[];
};
type Synced = KubernetesObject & { readonly status?: Status };
type EventObject = ObservedEvent & {
  readonly metadata: ObjectMetadata;
  readonly count?: number;
  readonly involvedObject: { readonly uid?: string };
};
export type SecretObject = KubernetesObject & {
  readonly type: string;
  readonly immutable?: boolean;
  readonly data?: Readonly<Record<string, string>>;
};

/** How often each was told, by its name. */
export type EventCounts = ReadonlyMap<string, number>;

export function eventCounts({ events }: State): EventCounts {
  return new Map([...events.values()].flat().map(({ metadata, count = 1 }) => [metadata.name, count]));
}

type State = {
  readonly externalSecrets: ReadonlyMap<string, Synced>;
  readonly secrets: ReadonlyMap<string, SecretObject>;
  /** By the uid of what they are about. */
  readonly events: ReadonlyMap<string, readonly EventObject[]>;
};

async function list<T>({ get }: Kubernetes, resource: string): Promise<readonly T[]> {
  const { status, text } = await get(resource);
  if (status !== 200) throw new Error(`${resource}: ${status} ${text}`);
  return (JSON.parse(text) as { items: T[] }).items;
}

/** Until each has a condition, and an event of why where it failed, or nothing happens any more. */
export async function untilSettled(
  kubernetes: Kubernetes,
  ids: ReadonlySet<string>,
  told: EventCounts = new Map(),
): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  let [waiting, since] = ['', performance.now()];
  for (;;) {
    const { externalSecrets, events } = await readState(kubernetes, told);
    const unsettled = [...externalSecrets.values()].flatMap((one): { name: string; rest: keyof typeof restsMs }[] => {
      const { name, uid = '' } = one.metadata;
      const rest = ids.has(name) ? lacks(one, events.get(uid) ?? []) : undefined;
      return rest === undefined ? [] : [{ name, rest }];
    });
    const now = performance.now();
    const names = unsettled.map(({ name }) => name).join(' ');
    if (names !== waiting) [waiting, since] = [names, now];
    const rest = restsMs[unsettled.some((one) => one.rest === 'expected') ? 'expected' : 'silent'];
    if (names === '' || now - since > rest) break;
    if (now > deadline) throw new Error(`not settled after ${deadlineMs / 1000} s: ${names}`);
    await wait(700);
  }
  // Events are written in turn: those of the last that succeeded may still come.
  await wait(1000);
}

/** Whether a condition or an event of it is still to come, or may be. */
function lacks({ metadata, spec, status }: Synced, events: readonly EventObject[]): keyof typeof restsMs | undefined {
  const ready = readyOf(status);
  const text = JSON.stringify(spec);
  // The operator says nothing of these, and a success that changes nothing has no event.
  if (ready === undefined) return /"other-class"|"generatorRef"/.test(text) ? 'silent' : 'expected';
  const { generation = 1 } = metadata;
  const isOfBefore = generation > 1 && status?.syncedResourceVersion?.startsWith(`${generation}-`) !== true;
  if (ready.status === 'False' || isOfBefore)
    return events.some(({ reason }) => reason === 'UpdateFailed') ? undefined : 'expected';
  if (ready.message !== 'secret synced' || events.length > 0 || text.includes('"creationPolicy":"None"'))
    return undefined;
  return 'silent';
}

function readyOf(status: Status | undefined): Observed['condition'] {
  const found = status?.conditions?.find(({ type }) => type === 'Ready');
  return found && { status: found.status, reason: found.reason, message: found.message };
}

/** @param told events that are not looked at, unless they were told once more */
export async function readState(kubernetes: Kubernetes, told: EventCounts = new Map()): Promise<State> {
  const [synced, secrets, events] = await Promise.all([
    list<Synced>(kubernetes, externalSecretsPath),
    list<SecretObject>(kubernetes, `/api/v1/namespaces/${namespace}/secrets`),
    list<EventObject>(kubernetes, `/api/v1/namespaces/${namespace}/events`),
  ]);
  return {
    externalSecrets: new Map(synced.map((item) => [item.metadata.name, item])),
    secrets: new Map(secrets.map((item) => [item.metadata.name, item])),
    events: Map.groupBy(
      events.filter(({ metadata, count = 1 }) => count > (told.get(metadata.name) ?? 0)),
      ({ involvedObject }) => involvedObject.uid ?? '',
    ),
  };
}

export function observe(state: State, externalSecret: KubernetesObject): Observed {
  const { name, uid = '' } = externalSecret.metadata;
  const condition = readyOf(state.externalSecrets.get(name)?.status);
  // The name of an event ends in the nanosecond at which it was first told.
  const told = (state.events.get(uid) ?? []).toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const events = new Map(
    told.map(({ type, reason, message }) => [`${type} ${reason} ${message}`, { type, reason, message }]),
  );
  const secret = state.secrets.get(targetOf(externalSecret));
  return {
    ...(condition !== undefined && { condition }),
    events: [...events.values()],
    ...(secret !== undefined && { secret: observeSecret(secret) }),
  };
}

export function observeSecret({ metadata, type, immutable = false, data = {} }: SecretObject): ObservedSecret {
  const { labels = {}, annotations = {}, ownerReferences = [] } = metadata;
  const owner = ownerReferences.find(({ controller }) => controller === true);
  return {
    ...{ type, immutable, labels, data },
    annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== dataHash)),
    ...(owner !== undefined && { controller: `${owner.kind}/${owner.name}` }),
  };
}
