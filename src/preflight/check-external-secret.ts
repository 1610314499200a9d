/** One prediction as preflight reports it: no value is in it any more. */
import type { Predicted, World } from '../eso/prediction.ts';
import type { ExternalSecret, Store } from '../eso/resources.ts';
import type { ProblemCode } from '../model/problem.ts';
import {
  deletesTheSecret,
  failureCodes,
  isNotRefreshed,
  isSkipped,
  leavesOut,
  unpredictableCodes,
  writesNothing,
} from './codes.ts';
import { compareSecret } from './compare-secret.ts';
import type { UsedAnswer } from './drive-predictions.ts';
import { explainFailure } from './explain-failure.ts';
import type { PreflightItem } from './preflight-item.ts';
import type { CheckedExternalSecret } from './preflight-result.ts';
import { showEvent } from './shown-event.ts';
import { explainUnpredictable } from './explain-unpredictable.ts';
import { willRefresh } from './will-refresh.ts';

export type CheckOptions = {
  readonly world: Pick<World, 'secret'>;
  readonly isUnread: (store: Store) => boolean;
  readonly fingerprintKey: Uint8Array;
  /** At each refresh. */
  readonly reads: number;
};

export function checkExternalSecret(
  { externalSecret, inCluster, where, application }: PreflightItem,
  predicted: Predicted,
  used: readonly UsedAnswer[],
  { world, isUnread, fingerprintKey, reads }: CheckOptions,
): CheckedExternalSecret {
  const { name, namespace } = externalSecret.metadata;
  const target = externalSecret.spec.target.name === '' ? name : externalSecret.spec.target.name;
  const checked = { name, namespace, application, where, target, assumed: predicted.assumed, reads };
  if (!willRefresh(externalSecret, inCluster, world.secret(namespace, target)))
    return {
      ...checked,
      outcome: 'syncs',
      code: isNotRefreshed,
      because: notRefreshed(externalSecret),
      events: [],
      reads: 0,
    };
  switch (predicted.kind) {
    case 'syncs':
      return { ...checked, ...syncing(predicted, externalSecret, { world, fingerprintKey }) };
    case 'fails': {
      const events = predicted.events.map((event) => shownEvent(event, externalSecret));
      const event = events.at(-1)?.message ?? '';
      return {
        ...checked,
        outcome: 'fails',
        code: failureCodes[predicted.reason],
        ...explainFailure({ reason: predicted.reason, event, externalSecret, used, where }),
        condition: predicted.condition,
        events,
      };
    }
    case 'skipped':
      return { ...checked, outcome: 'skipped', code: isSkipped, because: predicted.because, events: [] };
    case 'unpredictable':
      return {
        ...checked,
        outcome: 'unpredictable',
        code: unpredictableCodes[predicted.reason],
        events: [],
        ...explainUnpredictable(predicted, used, isUnread),
      };
  }
}

function notRefreshed({ spec }: ExternalSecret): string {
  const policy =
    spec.refreshPolicy === 'Periodic'
      ? `refreshInterval ${spec.refreshInterval}`
      : `refreshPolicy ${spec.refreshPolicy}`;
  return `stays as it is: it was synced once, and with ${policy} it is not refreshed any more`;
}

type Syncs = Extract<Predicted, { kind: 'syncs' }>;
type Syncing = Pick<
  CheckedExternalSecret,
  'outcome' | 'code' | 'because' | 'condition' | 'events' | 'effect' | 'type' | 'keys' | 'changes'
>;

function syncing(
  { condition, events, effect }: Syncs,
  externalSecret: ExternalSecret,
  { world, fingerprintKey }: Pick<CheckOptions, 'world' | 'fingerprintKey'>,
): Syncing {
  const shown = events.map((event) => shownEvent(event, externalSecret));
  const overlooked = easilyOverlooked(effect.kind, condition.reason, shown);
  const common = { outcome: 'syncs', condition, events: shown, effect: effect.kind, ...overlooked } as const;
  if (effect.kind === 'untouched' || effect.kind === 'deleted') return common;
  const { secret } = effect;
  const existing = world.secret(secret.namespace, secret.name);
  return {
    ...common,
    type: secret.type,
    keys: [...secret.data.keys()].toSorted(),
    ...(existing === 'unknown' ? {} : { changes: compareSecret(secret, existing, fingerprintKey) }),
  };
}

/** A success by its condition that is none by what a person expects. */
function easilyOverlooked(
  effect: NonNullable<Syncing['effect']>,
  reason: string,
  events: Syncing['events'],
): { readonly code?: ProblemCode; readonly because?: string } {
  if (effect === 'deleted')
    return { code: deletesTheSecret, because: 'the Secret is deleted, for there is nothing to write' };
  if (effect === 'untouched')
    return {
      code: writesNothing,
      because:
        reason === 'SecretMissing'
          ? 'reports success and writes nothing: there is no Secret to merge into'
          : 'reports success and writes nothing',
    };
  const missing = events.filter((event) => event.reason === 'MissingProviderSecret');
  return missing.length === 0
    ? {}
    : {
        code: leavesOut,
        because: `syncs without what is missing: ${missing.map(({ message }) => message).join('; ')}`,
      };
}

function shownEvent(
  { type, reason, message }: Syncs['events'][number],
  externalSecret: ExternalSecret,
): CheckedExternalSecret['events'][number] {
  return { type, reason, message: showEvent(message, externalSecret) };
}
