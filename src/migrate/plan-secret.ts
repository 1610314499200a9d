/**
 * What is to happen with one secret, from what both stores hold. Pure. Nothing that differs is overwritten and nothing is deleted unless it was
 * asked for; what cannot be carried so that applications see no difference is blocked.
 */
import { receive } from '../eso/receive.ts';
import type { Received } from '../eso/receive.ts';
import { readRemoteSecret } from '../eso/remote-secret.ts';
import type { StoreName } from '../model/configuration.ts';
import type { Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import { parseFields } from '../model/secret-text.ts';
import type { SecretValue } from '../model/secret-value.ts';
import type { ValueFinding } from '../model/value-rules.ts';
import { checkValues } from '../model/value-rules.ts';
import type { MetadataChange, ReadOutcome, StoreCapabilities, Version } from '../stores/contract.ts';
import { carryMetadata } from './carry-metadata.ts';
import { valuesSeen } from '../eso/values-seen.ts';
import { translate } from './translate.ts';

export type Side = {
  readonly store: StoreName;
  /** For people and for the copy's tags: `Vault http://localhost:8200`. */
  readonly name: string;
  readonly capabilities: StoreCapabilities;
};

export type PlanOptions = {
  readonly includeUndeclared: boolean;
  /** What differs at the target is overwritten; its old version is kept by the store. */
  readonly overwrite: boolean;
};

/** A field that both sides hold, and not alike, or that one holds. A plain text has one, named ''. */
export type Difference = {
  readonly field: string;
  readonly source: SecretValue | undefined;
  readonly target: SecretValue | undefined;
};

/** What is written, and on which condition. */
export type PlannedWrite = {
  readonly value: SecretValue;
  readonly metadata: MetadataChange;
  readonly expected: Version | 'absent';
};

export type Action =
  | ({ readonly kind: 'create' } & PlannedWrite)
  /** The name holds a deleted secret, which is recovered first: its versions stay. */
  | ({ readonly kind: 'recover' } & PlannedWrite)
  | ({ readonly kind: 'update'; readonly differences: readonly Difference[] } & PlannedWrite)
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'conflict'; readonly differences: readonly Difference[] }
  /** At the source. `deleted`: it can be recovered there. */
  | { readonly kind: 'missing'; readonly deleted: boolean }
  | { readonly kind: 'blocked'; readonly because: Blocked };

export type Blocked = {
  readonly side: 'source' | 'target';
  readonly reason:
    | 'disabled'
    | 'forbidden'
    | 'managed' // by a certificate, which alone may change it
    | 'not a JSON object'
    | 'field missing'
    | 'number too large'
    | 'too large'
    | 'required fields missing' // which the target has, and would lose
    | 'applications would see a difference';
  /** Fields or Kubernetes Secrets that it is about. */
  readonly names: readonly string[];
};

export type PlannedSecret = {
  readonly secret: Secret;
  readonly from: { readonly name: string; readonly version: Version | undefined };
  readonly to: { readonly name: string; readonly version: Version | 'absent' | undefined };
  readonly action: Action;
  /** Of the source, held against the catalog. */
  readonly findings: readonly ValueFinding[];
  /** What does not go along, for people. */
  readonly left: readonly string[];
  /** Fields that were no texts and become such, so that applications receive the same bytes. */
  readonly asText: readonly string[];
};

export function planSecret(
  secret: Secret,
  source: ReadOutcome,
  target: ReadOutcome,
  { from, to, options }: { readonly from: Side; readonly to: Side; readonly options: PlanOptions },
): PlannedSecret {
  const sourceSecret = { ...secret, store: from.store };
  const targetSecret = { ...secret, store: to.store };
  const planned = (
    action: Action,
    rest: Partial<Pick<PlannedSecret, 'findings' | 'left' | 'asText'>> = {},
  ): PlannedSecret => ({
    secret,
    from: { name: remoteKey(sourceSecret), version: versionOf(source) },
    to: { name: remoteKey(targetSecret), version: target.kind === 'missing' ? 'absent' : versionOf(target) },
    action,
    findings: [],
    left: [],
    asText: [],
    ...rest,
  });
  const blocked = (side: Blocked['side'], reason: Blocked['reason'], ...names: readonly string[]): Action => ({
    kind: 'blocked',
    because: { side, reason, names },
  });

  if (source.kind === 'missing' || source.kind === 'deleted')
    return planned({ kind: 'missing', deleted: source.kind === 'deleted' });
  if (source.kind !== 'present') return planned(blocked('source', source.kind));
  const translation = translate(secret, source.value, {
    from: from.capabilities.holds,
    to: to.capabilities.holds,
    includeUndeclared: options.includeUndeclared,
  });
  if (translation.kind === 'blocked')
    return planned(
      blocked('source', translation.because, ...(translation.field === undefined ? [] : [translation.field])),
    );

  const { value } = translation;
  const origin = { store: from.name, name: remoteKey(sourceSecret), version: source.version };
  const contentType = secret.content.kind === 'fields' ? 'application/json' : undefined;
  const carried = carryMetadata(source.metadata, origin, to.capabilities, contentType);
  const facts = {
    findings: checkValues(secret, valuesSeen(sourceSecret, source.value)),
    left: [...translation.left.map((field) => `the field ${field}, which the catalog does not know`), ...carried.left],
    asText: translation.asText,
  };
  const write = (expected: Version | 'absent'): PlannedWrite => ({ value, metadata: carried.metadata, expected });
  const act = (): Action => {
    if (Buffer.byteLength(value.reveal()) > to.capabilities.maxValueBytes) return blocked('target', 'too large');
    const seenOtherwise = receivedOtherwise(sourceSecret, source.value, targetSecret, value);
    if (seenOtherwise.length > 0) return blocked('source', 'applications would see a difference', ...seenOtherwise);
    switch (target.kind) {
      case 'missing':
        return { kind: 'create', ...write('absent') };
      case 'deleted':
        // Where a version is deleted and not the secret, the next version comes after it.
        return { kind: to.capabilities.deletes === 'secret' ? 'recover' : 'create', ...write(target.version) };
      case 'disabled':
      case 'forbidden':
        return blocked('target', target.kind);
      case 'present': {
        const differences = differencesOf(targetSecret, value, target.value);
        if (differences.length === 0) {
          const otherwise = receivedOtherwise(sourceSecret, source.value, targetSecret, target.value);
          return otherwise.length === 0
            ? { kind: 'unchanged' }
            : blocked('target', 'applications would see a difference', ...otherwise);
        }
        if (target.metadata.managed) return blocked('target', 'managed');
        if (!options.overwrite) return { kind: 'conflict', differences };
        const lost = facts.findings
          .filter(({ kind }) => kind === 'missing' || kind === 'empty')
          .map(({ field }) => field)
          .filter((name) => differences.some(({ field, target: there }) => field === name && there !== undefined));
        return lost.length > 0
          ? blocked('source', 'required fields missing', ...lost)
          : { kind: 'update', differences, ...write(target.version) };
      }
    }
  };
  return planned(act(), facts);
}

function versionOf(outcome: ReadOutcome): Version | undefined {
  return outcome.kind === 'missing' || outcome.kind === 'forbidden' ? undefined : outcome.version;
}

/**
 * Fields that would be written and are not there alike, and fields of the catalog that are there and would go. What else is there stays out of
 * it: nothing receives it.
 */
function differencesOf(target: Secret, wanted: SecretValue, found: SecretValue): Difference[] {
  const { content } = target;
  if (content.kind === 'fields' && parseFields(found.reveal()).kind !== 'fields')
    return [{ field: '', source: wanted, target: found }];
  const [source, there] = [valuesSeen(target, wanted), valuesSeen(target, found)];
  const declared = content.kind === 'fields' ? content.fields.map(({ name }) => name) : [];
  return [...new Set([...source.keys(), ...declared.filter((name) => there.has(name))])]
    .map((field) => ({ field, source: source.get(field), target: there.get(field) }))
    .filter(({ source: one, target: other }) => one === undefined || other?.equals(one) !== true);
}

/** The Kubernetes Secrets in which an application would find something else than now. */
function receivedOtherwise(source: Secret, now: SecretValue, target: Secret, then: SecretValue): string[] {
  return source.targets
    .filter(
      (of) =>
        !isSame(
          receive(source, of, readRemoteSecret(source, now)),
          receive(target, of, readRemoteSecret(target, then)),
        ),
    )
    .map(({ namespace, name }) => `${namespace}/${name}`);
}

/** Of failures only the condition counts: their causes name the secret as each store does. */
function isSame(now: Received, then: Received): boolean {
  if (now.kind === 'failed' || then.kind === 'failed')
    return now.kind === 'failed' && then.kind === 'failed' && now.condition === then.condition;
  if (now.kind === 'retained' || then.kind === 'retained') return now.kind === then.kind;
  return (
    now.keys.length === then.keys.length &&
    now.keys.every(({ key, value }) => {
      const other = then.keys.find((candidate) => candidate.key === key)?.value;
      if (other === undefined || typeof value === 'string' || typeof other === 'string') return value === other;
      return value.equals(other);
    })
  );
}
