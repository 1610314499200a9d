/** Why something of the operator's is not ready: its condition, and its last event, in which the operator tells the cause. */
import type { Cluster } from './journey.ts';

export type SyncedObject = {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly generation: number;
  };
  readonly spec: { readonly secretStoreRef?: { readonly name: string } };
  readonly status?: {
    readonly syncedResourceVersion?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
    }[];
  };
};

type Event = {
  readonly involvedObject: { readonly uid: string };
  readonly type: string;
  readonly message: string;
  readonly lastTimestamp: string | null;
  readonly eventTime: string | null;
};

/** A line for each that is not ready; one that is, and is waited for all the same, has not been looked at again yet. */
export async function notReady({ kubectl }: Cluster, objects: readonly SyncedObject[]): Promise<string[]> {
  const got = await kubectl(['get', 'events', '--all-namespaces', '--output', 'json']);
  const { items } = JSON.parse(got) as { items: readonly Event[] };
  const at = ({ lastTimestamp, eventTime }: Event): string => lastTimestamp ?? eventTime ?? '';
  return objects.flatMap(({ kind, metadata: { name, namespace, uid }, status }) => {
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status === 'True' && kind !== 'ExternalSecret') return [];
    const [event] = items
      .filter(({ involvedObject, type }) => involvedObject.uid === uid && type === 'Warning')
      .toSorted((a, b) => (at(a) < at(b) ? 1 : -1));
    const condition = ready === undefined ? 'no condition' : `${ready.reason}: ${ready.message}`;
    const where = namespace === undefined ? name : `${namespace}/${name}`;
    return [`  ${kind} ${where}: ${condition}${event === undefined ? '' : `; last event: ${shorten(event.message)}`}`];
  });
}

/** The operator repeats a whole template, some times over; the cause comes last. */
function shorten(message: string): string {
  const line = message.replaceAll(/\s+/g, ' ');
  return line.length <= 1000 ? line : `${line.slice(0, 200)} […] ${line.slice(-500)}`;
}
