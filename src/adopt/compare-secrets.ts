/** Whether two predictions give the same Kubernetes Secret. */
import type { Predicted, PredictedSecret } from '../eso/prediction.ts';
import { isBookkeeping } from './read-target.ts';

/** @returns what differs, in names and never a value; undefined where nothing does */
export function compareSecrets(before: Predicted, after: Predicted): string | undefined {
  const was = secretOf(before);
  const is = secretOf(after);
  if (typeof was === 'string') return `it cannot be compared: today ${was}`;
  if (typeof is === 'string') return `as an entry of config/ ${is}`;
  if (was.name !== is.name || was.namespace !== is.namespace) return 'the Secret would have another name';
  if (was.type !== is.type) return `the type of the Secret would be ${is.type} and not ${was.type}`;
  for (const key of new Set([...was.data.keys(), ...is.data.keys()])) {
    const [old, now] = [was.data.get(key), is.data.get(key)];
    if (old === undefined) return `the Secret would have the key ${key} too`;
    if (now === undefined) return `the Secret would lack the key ${key}`;
    if (!old.equals(now)) return `the Secret would have another value under ${key}`;
  }
  return lost(was.labels, is.labels, 'label') ?? lost(was.annotations, is.annotations, 'annotation');
}

function secretOf(predicted: Predicted): PredictedSecret | string {
  switch (predicted.kind) {
    case 'syncs':
      return 'secret' in predicted.effect ? predicted.effect.secret : 'nothing would be written';
    case 'fails':
      return `it would fail: ${predicted.events.at(-1)?.message.toString() ?? predicted.condition.message}`;
    case 'skipped':
    case 'unpredictable':
      return `it is ${predicted.kind}: ${predicted.because}`;
  }
}

/** Lockstep adds labels of its own. */
function lost(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  what: string,
): string | undefined {
  const key = Object.keys(before).find((name) => !isBookkeeping(name) && before[name] !== after[name]);
  return key === undefined ? undefined : `the Secret would lose its ${what} ${key}`;
}
