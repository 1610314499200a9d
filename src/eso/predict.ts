/**
 * What External Secrets Operator makes of an ExternalSecret that is due: its Secret to the byte, its condition and its events. Source: the code
 * of releases 0.20.4 and 2.x (externalsecret_controller Reconcile). Pure; what could not be told is `unpredictable`, and never a guess.
 */
import { GoError, Unpredictable } from './go-error.ts';
import { OperatorText } from './operator-text.ts';
import { missingRequests, providerData } from './predict/provider-data.ts';
import type { Assembly } from './predict/provider-data.ts';
import { skipReason } from './predict/skip-reason.ts';
import { writeTarget } from './predict/write-target.ts';
import type { Outcome } from './predict/write-target.ts';
import type { Condition, OperatorEvent, Predicted, Prediction, PredictionInput, SecretEffect } from './prediction.ts';

const notFetched = 'could not get secret data from provider';

/** Call again with a World that knows more for as long as the answer is `needs`: all that is missing is asked for at once. */
export function predict({ externalSecret, world }: PredictionInput): Prediction {
  const assembly: Assembly = { externalSecret, world, events: [], assumed: new Set() };
  try {
    if (externalSecret.spec.target.manifest !== undefined)
      throw new Unpredictable('resource', `its target is a ${externalSecret.spec.target.manifest.kind}`);
    const because = skipReason(externalSecret, world);
    if (because !== undefined) return { kind: 'skipped', because, assumed: [] };
    const requests = missingRequests(assembly);
    if (requests.length > 0) return { kind: 'needs', requests };
    return reconcile(assembly);
  } catch (error) {
    if (!(error instanceof Unpredictable)) throw error;
    return { kind: 'unpredictable', reason: error.reason, because: error.because, assumed: [...assembly.assumed] };
  }
}

function reconcile(assembly: Assembly): Predicted {
  let data;
  try {
    data = providerData(assembly);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return fails(assembly, notFetched, error);
  }
  const outcome = writeTarget(assembly, data);
  return outcome.kind === 'fails'
    ? fails(assembly, outcome.message, outcome.error, outcome.effect)
    : syncs(assembly, outcome);
}

function fails({ events, assumed }: Assembly, message: string, error: GoError, effect?: SecretEffect): Predicted {
  return {
    kind: 'fails',
    reason: error.reason,
    condition: { status: 'False', reason: 'SecretSyncedError', message },
    events: [...events, { type: 'Warning', reason: 'UpdateFailed', message: error.text }],
    assumed: [...assumed],
    ...(effect === undefined ? {} : { effect }),
  };
}

function syncs(
  { events, assumed }: Assembly,
  { effect, reason, message, event }: Exclude<Outcome, { kind: 'fails' }>,
): Predicted {
  const condition: Condition = { status: 'True', reason, message };
  const last: OperatorEvent[] =
    event === undefined ? [] : [{ type: 'Normal', reason: event.reason, message: new OperatorText(event.message) }];
  return { kind: 'syncs', condition, events: [...events, ...last], effect, assumed: [...assumed] };
}
