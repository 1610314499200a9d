/** What `predict` says of a recorded case, beside what the operator did. */
import { Buffer } from 'node:buffer';
import { bytesOf } from '../../../src/eso/go/go-string.ts';
import { predict } from '../../../src/eso/predict.ts';
import type { Predicted, PredictedSecret } from '../../../src/eso/prediction.ts';
import type { ExternalSecret } from '../../../src/eso/resources.ts';
import { targetOf } from './case.ts';
import { observeSecret } from './observe.ts';
import type { SecretObject } from './observe.ts';
import type { Observed, ObservedEvent, ObservedSecret, Recorded } from './observed.ts';
import { recordedWorld } from './recorded-world.ts';
import { readResources } from './read-resources.ts';

export type Comparison =
  | { readonly kind: 'agreed' }
  /** It could not be tried. */
  | { readonly kind: 'untried' }
  | { readonly kind: 'unpredictable'; readonly because: string }
  /** A text for each difference; values in it are made up. */
  | { readonly kind: 'disagreed'; readonly differences: readonly string[] };

const managed = 'reconcile.external-secrets.io/managed';

export function compare(recorded: Recorded): Comparison {
  const { untried, refused } = recorded.observed;
  if (untried !== undefined) return { kind: 'untried' };
  const read = readResources([recorded.externalSecret]);
  const [given] = read.externalSecrets;
  const differences = difference('taken', given !== undefined, refused === undefined);
  if (differences.length > 0) {
    const because = refused ?? read.problems.map(({ message }) => message).join('; ');
    return { kind: 'disagreed', differences: [...differences, because] };
  }
  return given === undefined ? { kind: 'agreed' } : compareOutcome(recorded, given.resource);
}

function compareOutcome(recorded: Recorded, externalSecret: ExternalSecret): Comparison {
  const predicted = predictRecorded(recorded, externalSecret);
  if (typeof predicted === 'string') return { kind: 'disagreed', differences: [predicted] };
  if (predicted.kind === 'unpredictable')
    return { kind: 'unpredictable', because: `${predicted.reason}: ${predicted.because}` };
  const differences = differencesOf(recorded, predicted);
  return differences.length === 0 ? { kind: 'agreed' } : { kind: 'disagreed', differences };
}

/** @returns what is wrong with it, where there is no prediction */
function predictRecorded({ world }: Recorded, externalSecret: ExternalSecret): Predicted | string {
  try {
    const predicted = predict({ externalSecret, world: recordedWorld(world) });
    // This world answers at once.
    return predicted.kind === 'needs' ? `predict still needs ${JSON.stringify(predicted.requests)}` : predicted;
  } catch (error) {
    return `predict threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

function differencesOf(recorded: Recorded, predicted: Exclude<Predicted, { kind: 'unpredictable' }>): string[] {
  const { observed } = recorded;
  const events = predicted.kind === 'skipped' ? [] : predicted.events;
  const said = events.map(({ type, reason, message }) => ({ type, reason, message: message.reveal() }));
  return [
    ...difference('condition', predicted.kind === 'skipped' ? undefined : predicted.condition, observed.condition),
    ...difference('events', onceEach(said), observed.events),
    ...difference('Secret', expectedSecret(recorded, predicted), observed.secret),
  ];
}

/** As they are observed: the API keeps one of equal texts, with a count. */
function onceEach(events: readonly ObservedEvent[]): readonly ObservedEvent[] {
  return [...new Map(events.map((event) => [JSON.stringify(event), event])).values()];
}

function difference(what: string, predicted: unknown, observed: unknown): string[] {
  const [ours, theirs] = [canonical(predicted), canonical(observed)];
  return ours === theirs ? [] : [`${what}:\n    predicted ${ours}\n    observed  ${theirs}`];
}

function canonical(value: unknown): string {
  if (value === undefined) return 'none';
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function expectedSecret(
  recorded: Recorded,
  predicted: Exclude<Predicted, { kind: 'unpredictable' }>,
): Observed['secret'] {
  const existing = existingTarget(recorded);
  if (predicted.kind === 'skipped') return existing;
  const { effect } = predicted;
  if (effect?.kind === 'deleted') return undefined;
  if (effect !== undefined && 'secret' in effect) return fromPredicted(effect.secret, recorded, existing);
  // The operator's label is put on before anything else is done.
  return existing && { ...existing, labels: { ...existing.labels, [managed]: 'true' } };
}

function existingTarget({ externalSecret, world }: Recorded): ObservedSecret | undefined {
  const name = targetOf(externalSecret);
  const found = world.resources.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === name);
  return found && observeSecret(found as SecretObject);
}

function fromPredicted(
  { type, immutable, labels, annotations, data, owned }: PredictedSecret,
  { externalSecret }: Recorded,
  existing: ObservedSecret | undefined,
): ObservedSecret {
  const self = `ExternalSecret/${externalSecret.metadata.name}`;
  // What it does not own any more it lets go of.
  const controller = owned ? self : existing?.controller === self ? undefined : existing?.controller;
  return {
    ...{ type, immutable, labels, annotations },
    data: Object.fromEntries(
      [...data].map(([key, value]) => [key, Buffer.from(bytesOf(value.reveal())).toString('base64')]),
    ),
    ...(controller !== undefined && { controller }),
  };
}
