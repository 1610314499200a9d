/**
 * What is to happen to one secret, decided from what was read of it on both sides. Nothing that differs is overwritten and nothing is deleted
 * unless it was asked for; what cannot be carried so that applications see no difference is blocked.
 */
import { fingerprint } from '../report/fingerprint.ts';
import type { Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import type { SecretValue } from '../model/secret-value.ts';
import type { ReadOutcome, Version } from '../stores/contract.ts';
import { originOf } from './carry-metadata.ts';
import { differencesOf, receivedOtherwise } from './compare-content.ts';
import type { Action, Blocked, Difference, PlannedSecret, Present, Sides } from './migration.ts';
import type { Prepared } from './prepare-secret.ts';
import { prepareSecret } from './prepare-secret.ts';

const none: readonly never[] = [];

/**
 * @param prepared of the source; undefined where that is not present
 * @param copied the older version of the source that the target holds, as it was copied: with history those after it may follow
 */
export function planSecret(
  secret: Secret,
  source: ReadOutcome,
  target: ReadOutcome,
  sides: Sides,
  prepared = prepareFrom(secret, source, sides),
  copied?: Version,
): PlannedSecret {
  const planned = (action: Action, facts?: Prepared): PlannedSecret => ({
    ...{ secret, older: none, action },
    from: { name: remoteKey({ ...secret, store: sides.from.store }), version: versionOf(source) },
    to: {
      name: remoteKey({ ...secret, store: sides.to.store }),
      version: target.kind === 'missing' ? 'absent' : versionOf(target),
    },
    findings: facts?.findings ?? none,
    left: facts?.left ?? none,
    asText: facts?.asText ?? none,
  });

  if (source.kind === 'missing' || source.kind === 'deleted')
    return planned({ kind: 'missing', deleted: source.kind === 'deleted' });
  if (source.kind !== 'present') return planned(blocked('source', source.kind));
  if (prepared === undefined) throw new RangeError('the source is present, and nothing is prepared from it');
  if (prepared.kind === 'blocked') return planned({ kind: 'blocked', because: prepared.because }, prepared);
  switch (target.kind) {
    case 'missing':
      return planned({ kind: 'create', expected: 'absent' }, prepared);
    case 'deleted': {
      // Where a version is deleted and not the secret, the next version comes after it.
      const kind = sides.to.capabilities.deletes === 'secret' ? 'recover' : 'create';
      return planned({ kind, expected: target.version }, prepared);
    }
    case 'disabled':
    case 'forbidden':
      return planned(blocked('target', target.kind), prepared);
    case 'present':
      return planned(actOnPresent(secret, source, target, prepared, sides, copied), prepared);
  }
}

/** What would be written, if anything is there. */
export function prepareFrom(secret: Secret, source: ReadOutcome, sides: Sides): Prepared | undefined {
  return source.kind === 'present' ? prepareSecret(secret, source, sides) : undefined;
}

function actOnPresent(
  secret: Secret,
  source: Present,
  target: Present,
  prepared: Extract<Prepared, { kind: 'ready' }>,
  sides: Sides,
  copied: Version | undefined,
): Action {
  const { from, to, options, fingerprintKey } = sides;
  const sourceSecret = { ...secret, store: from.store };
  const targetSecret = { ...secret, store: to.store };
  const found = differencesOf(targetSecret, prepared.value, target.value);
  if (found.length === 0) {
    const otherwise = receivedOtherwise(sourceSecret, prepared.seen, targetSecret, target.value);
    if (otherwise.length > 0) return blocked('target', 'applications would see a difference', ...otherwise);
    const origin = originOf(target.metadata);
    const isOldCopy =
      origin?.store === from.name && origin.name === remoteKey(sourceSecret) && origin.version !== source.version;
    // Where tags follow a version, a run that was ended may have left them out.
    const isBare = to.capabilities.tagsOf === 'secret' && Object.keys(target.metadata.tags).length === 0;
    return isOldCopy || isBare ? { kind: 'unchanged', note: target.version } : { kind: 'unchanged' };
  }
  if (target.metadata.managed) return blocked('target', 'managed');
  const show = (field: string, value: SecretValue | undefined): string | undefined =>
    value && fingerprint(fingerprintKey, `${secret.name} ${field}`, [value]);
  const differences = found.map((one): Difference => ({
    field: one.field,
    source: show(one.field, one.source),
    target: show(one.field, one.target),
  }));
  const lost = prepared.findings
    .filter(({ kind }) => kind === 'missing' || kind === 'empty')
    .map(({ field }) => field)
    .filter((name) => found.some(({ field, target: there }) => field === name && there !== undefined));
  const expected = target.version;
  if (lost.length === 0 && options.history && copied !== undefined) return { kind: 'append', expected };
  if (!options.overwrite) return { kind: 'conflict', differences, copyOf: copied };
  return lost.length > 0
    ? blocked('source', 'required fields missing', ...lost)
    : { kind: 'update', differences, expected };
}

function blocked(side: Blocked['side'], reason: Blocked['reason'], ...names: readonly string[]): Action {
  return { kind: 'blocked', because: { side, reason, names } };
}

function versionOf(outcome: ReadOutcome): Version | undefined {
  return outcome.kind === 'missing' || outcome.kind === 'forbidden' ? undefined : outcome.version;
}
