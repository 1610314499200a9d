/** What both stores hold of an application's secrets: whether that is the same, and what its Kubernetes Secrets must then be. */
import { randomBytes } from 'node:crypto';
import type { PlannedSecret, StoreSide } from '../migrate/migration.ts';
import { planMigration } from '../migrate/plan-migration.ts';
import type { Platform, Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import type { ExpectedSecret } from '../rollout/expected-secret.ts';
import { expectSecrets } from '../rollout/expected-secret.ts';
import type { VerifiedSecret } from '../rollout/rollout-item.ts';
import { CONCURRENCY } from './migration-options.ts';

export type Verification = {
  readonly secrets: readonly VerifiedSecret[];
  readonly expected: readonly ExpectedSecret[];
  /** What the operator could not make a Secret of, a line each. */
  readonly impossible: readonly string[];
};

type Asked = {
  readonly platform: Platform;
  readonly secrets: readonly Secret[];
  readonly from: StoreSide;
  readonly to: StoreSide;
  readonly key: Uint8Array;
};

/**
 * @param mayFail the store that is left need not answer: where it does not, this is noted
 * @throws {StoreError}
 */
export async function verify(asked: Asked, mayFail: ((line: string) => void) | undefined): Promise<Verification> {
  const { platform, secrets, from, to } = asked;
  const careful = { includeUndeclared: false, overwrite: false, history: false };
  const migration = { from, to, options: careful, concurrency: CONCURRENCY, fingerprintKey: randomBytes(32) };
  const plan = planMigration(secrets, platform.secrets, migration).catch((error: unknown) => {
    if (mayFail === undefined || !(error instanceof Error) || error.name !== 'StoreError') throw error;
    mayFail(`The stores could not be compared: ${error.message}`);
    return undefined;
  });
  const planned = new Map((await plan)?.secrets.map((one) => [one.secret, one]));
  const verified = secrets.map((secret): VerifiedSecret => {
    const one = planned.get(secret);
    const because = one === undefined ? 'one of the stores could not be read' : reasonOf(one, to);
    const isUnknown = one === undefined || one.action.kind === 'failed';
    return {
      name: secret.name,
      result: isUnknown ? 'unknown' : because === '' ? 'same' : 'different',
      because,
    };
  });
  return { secrets: verified, ...(await expectAll(asked)) };
}

function reasonOf({ action }: PlannedSecret, to: StoreSide): string {
  switch (action.kind) {
    case 'unchanged':
      return '';
    case 'create':
      return `not in ${to.name}`;
    case 'append':
      return `an older version in ${to.name}`;
    case 'failed':
      return action.because;
    case 'recover':
      return `deleted in ${to.name}`;
    case 'missing':
      return action.deleted ? 'deleted where it is read now' : 'not there where it is read now';
    case 'conflict':
    case 'update':
      return `differs: ${action.differences.map(({ field }) => (field === '' ? 'all of it' : field)).join(', ')}`;
    case 'blocked': {
      const { side, reason, names } = action.because;
      return `${side}: ${reason}${names.length === 0 ? '' : ` (${names.join(', ')})`}`;
    }
  }
}

/** Of the store that is gone to. */
export async function expectAll({
  secrets,
  to,
  key,
}: Pick<Asked, 'secrets' | 'to' | 'key'>): Promise<Omit<Verification, 'secrets'>> {
  const expected: ExpectedSecret[] = [];
  const impossible: string[] = [];
  const read = await Promise.all(
    secrets.map(async (secret) => [secret, await to.client.read(remoteKey({ ...secret, store: to.store }))] as const),
  );
  for (const [secret, outcome] of read)
    if (outcome.kind !== 'present') impossible.push(`${secret.name} is ${outcome.kind} in ${to.name}`);
    else
      for (const one of expectSecrets(secret, to.store, outcome.value, key))
        if ('because' in one) impossible.push(`${one.namespace}/${one.name} would not be synced: ${one.because}`);
        else expected.push(one);
  return { expected, impossible };
}
