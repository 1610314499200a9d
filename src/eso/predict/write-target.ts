/** From the data to the target Secret: nothing to write, the creation policy, an immutable target, what the API server refuses. */
import { GoError, Unpredictable } from '../go-error.ts';
import { textOf } from '../go/go-string.ts';
import type { Condition, ExistingSecret, PredictedSecret, SecretEffect } from '../prediction.ts';
import type { SecretMap } from '../providers/provider-client.ts';
import { desiredSecret } from './desired-secret.ts';
import { qualifiedNameFaults } from './name-rules.ts';
import { dataHash } from './object-hash.ts';
import { dataHashAnnotation, managedLabel } from './ownership.ts';
import type { Assembly } from './provider-data.ts';
import { refusal } from './secret-refusal.ts';

export type Outcome =
  | {
      readonly kind: 'done';
      readonly reason: Condition['reason'];
      readonly message: string;
      readonly effect: SecretEffect;
      readonly event?: { readonly reason: 'Created' | 'Updated' | 'Deleted'; readonly message: string };
    }
  | { readonly kind: 'fails'; readonly message: string; readonly error: GoError; readonly effect?: SecretEffect };

const deleted = 'secret deleted due to DeletionPolicy=Delete';
const untouched: SecretEffect = { kind: 'untouched' };

/** @throws Unpredictable */
export function writeTarget(assembly: Assembly, data: SecretMap): Outcome {
  const { target } = assembly.externalSecret.spec;
  if (data.size === 0) {
    if (target.deletionPolicy === 'Delete') return deleteTarget(assembly);
    if (target.deletionPolicy === 'Retain') return synced('secret retained due to DeletionPolicy=Retain', untouched);
  }
  if (target.creationPolicy === 'None') return synced('secret synced', untouched);
  const existing = existingTarget(assembly);
  if (target.creationPolicy === 'Merge' && existing === undefined)
    return {
      kind: 'done',
      reason: 'SecretMissing',
      message: 'secret will not be created due to CreationPolicy=Merge',
      effect: untouched,
    };
  checkFinalizers(target.template?.metadata.finalizers ?? []);
  try {
    return existing === undefined ? create(assembly, data) : update(assembly, existing, data);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return { kind: 'fails', message: failureMessage(error), error };
  }
}

/** Those of the form domain/name are accepted; of others a few. */
function checkFinalizers(finalizers: readonly string[]): void {
  const odd = finalizers.find((name) => !name.includes('/') || qualifiedNameFaults(name).length > 0);
  if (odd !== undefined) throw new Unpredictable('resource', `its finalizer ${odd} may be refused`);
}

function synced(message: string, effect: SecretEffect): Extract<Outcome, { kind: 'done' }> {
  return { kind: 'done', reason: 'SecretSynced', message, effect };
}

function deleteTarget(assembly: Assembly): Outcome {
  const { name, creationPolicy } = assembly.externalSecret.spec.target;
  if (creationPolicy !== 'Owner') {
    const text = `unable to delete secret ${name}: creationPolicy=${creationPolicy} is not Owner`;
    return { kind: 'fails', message: 'could not delete secret', error: new GoError(text, 'policy') };
  }
  const done = { kind: 'done', reason: 'SecretDeleted', message: deleted } as const;
  return existingTarget(assembly) === undefined
    ? { ...done, effect: untouched }
    : { ...done, effect: { kind: 'deleted' }, event: { reason: 'Deleted', message: deleted } };
}

/** The operator marks whatever bears the target's name as its own before it does anything else. */
function existingTarget({ externalSecret, world, assumed }: Assembly): ExistingSecret | undefined {
  const { metadata, spec } = externalSecret;
  const found = world.secret(metadata.namespace, spec.target.name);
  if (found === 'unknown') assumed.add(`there is no Secret ${spec.target.name} yet`);
  if (typeof found === 'string') return undefined;
  return { ...found, labels: { ...found.labels, [managedLabel]: 'true' } };
}

/** The message of the condition, by what the operator recognises in an error. */
function failureMessage({ text, reason }: GoError): string {
  if (reason === 'target-immutable') return 'could not update secret, target is immutable';
  if (reason !== 'target-owned') return 'could not update secret';
  return text.reveal().includes('could not set controller reference on secret')
    ? 'failed to take ownership of target secret'
    : 'target is owned by another ExternalSecret';
}

function create({ externalSecret, world }: Assembly, data: SecretMap): Outcome {
  const secret = mutated('', () => desiredSecret(externalSecret, undefined, data, world));
  checkAccepted('', secret, undefined, isNameIn(externalSecret.spec.target, data));
  return {
    ...synced('secret synced', { kind: 'created', secret }),
    event: { reason: 'Created', message: 'secret created' },
  };
}

function update({ externalSecret, world }: Assembly, existing: ExistingSecret, data: SecretMap): Outcome {
  const { target } = externalSecret.spec;
  const secret = mutated(`unable to mutate secret ${target.name}: `, () =>
    desiredSecret(externalSecret, existing, data, world),
  );
  const change = changeOf(secret, existing, externalSecret.metadata.name);
  if (change === 'none') return synced('secret synced', { kind: 'unchanged', secret });
  const before = `unable to update secret ${target.name}: `;
  const isName = isNameIn(target, data);
  if (existing.immutable && change !== 'metadata') {
    // The metadata is written first, and what is wrong with that is told in its place.
    const written = { ...secret, type: existing.type, data: existing.data };
    checkAccepted(before, written, existing, isName);
    const error = new GoError(`${before}secret is immutable`, 'target-immutable');
    const isNew = changeOf(written, existing, externalSecret.metadata.name) !== 'none';
    return {
      ...{ kind: 'fails', message: failureMessage(error), error },
      ...(isNew ? { effect: { kind: 'updated', secret: written } } : {}),
    };
  }
  checkAccepted(before, secret, existing, isName);
  const done = synced('secret synced', { kind: 'updated', secret });
  // An immutable one is written twice: the second write is a conflict, after which there is nothing left to do or to say.
  return existing.immutable ? done : { ...done, event: { reason: 'Updated', message: 'secret updated' } };
}

function mutated(before: string, work: () => PredictedSecret): PredictedSecret {
  try {
    return work();
  } catch (error) {
    throw error instanceof GoError ? error.wrap(before) : error;
  }
}

function checkAccepted(
  before: string,
  secret: PredictedSecret,
  existing: ExistingSecret | undefined,
  isName: (key: string) => boolean,
): void {
  const text = refusal(secret, existing, isName);
  if (text !== undefined) throw new GoError(text.wrap(before), 'target-refused');
}

/** Keys of templateFrom may be made of values. */
function isNameIn(target: Assembly['externalSecret']['spec']['target'], data: SecretMap): (key: string) => boolean {
  const names = new Set([...[...data.keys()].map(textOf), ...Object.keys(target.template?.data ?? {})]);
  return (key) => names.has(key);
}

function changeOf(next: PredictedSecret, previous: ExistingSecret, owner: string): 'none' | 'metadata' | 'data' {
  if (next.type !== previous.type || next.immutable !== previous.immutable || !sameData(next.data, previous.data))
    return 'data';
  const annotations = { ...next.annotations, [dataHashAnnotation]: dataHash(next.data) };
  // An owner's uid is not compared: a Secret of an ExternalSecret that was deleted goes with it.
  const isOwned = previous.controller?.kind === 'ExternalSecret' && previous.controller.name === owner;
  return sameTexts(next.labels, previous.labels) &&
    sameTexts(annotations, previous.annotations) &&
    next.owned === isOwned
    ? 'none'
    : 'metadata';
}

function sameData(a: PredictedSecret['data'], b: PredictedSecret['data']): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key)?.reveal() === value.reveal());
}

function sameTexts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}
