/** Whether two contents of a secret are the same: to the catalog, field by field, and to the applications, key by key. */
import { receive } from '../eso/receive.ts';
import type { Received } from '../eso/receive.ts';
import type { RemoteSecret } from '../eso/remote-secret.ts';
import { readRemoteSecret } from '../eso/remote-secret.ts';
import { valuesSeen } from '../eso/values-seen.ts';
import type { Secret } from '../model/platform.ts';
import { parseFields } from '../model/secret-text.ts';
import type { SecretValue } from '../model/secret-value.ts';

export type ContentDifference = {
  /** '' for all of it. */
  readonly field: string;
  readonly source: SecretValue | undefined;
  readonly target: SecretValue | undefined;
};

/**
 * Fields that would be written and are not there alike, and fields of the catalog that are there and would go. What else is there stays out of
 * it: nothing receives it.
 */
export function differencesOf(target: Secret, wanted: SecretValue, found: SecretValue): ContentDifference[] {
  const { content } = target;
  if (wanted.equals(found)) return [];
  if (content.kind === 'fields' && parseFields(found.reveal()).kind !== 'fields')
    return [{ field: '', source: wanted, target: found }];
  const [source, there] = [valuesSeen(target, wanted), valuesSeen(target, found)];
  const declared = content.kind === 'fields' ? content.fields.map(({ name }) => name) : [];
  return [...new Set([...source.keys(), ...declared.filter((name) => there.has(name))])]
    .map((field) => ({ field, source: source.get(field), target: there.get(field) }))
    .filter(({ source: one, target: other }) => one === undefined || other?.equals(one) !== true);
}

/**
 * The Kubernetes Secrets in which an application would find something else than now.
 * @param now what the operator reads at the source
 */
export function receivedOtherwise(source: Secret, now: RemoteSecret, target: Secret, then: SecretValue): string[] {
  if (source.targets.length === 0) return [];
  const remoteThen = readRemoteSecret(target, then);
  return source.targets
    .filter((of) => !isSame(receive(source, of, now), receive(target, of, remoteThen)))
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
