/** One application: verified, and then led over. Each part can be repeated: what is done already is found done. */
import type { StoreSide } from '../migrate/migration.ts';
import type { Configuration, StoreName } from '../model/configuration.ts';
import { PlatformError, UsageError } from '../model/problem.ts';
import { environmentChanges, storeIn, withStore } from '../rollout/configuration-change.ts';
import type { SeenSecret } from '../rollout/judge-secret.ts';
import { lineDiff } from '../rollout/line-diff.ts';
import { objections } from '../rollout/objections.ts';
import type { RolledOut } from '../rollout/rollout-item.ts';
import { openSides } from './migration-sides.ts';
import { applyRollout } from './rollout-apply.ts';
import type { Stepped } from './rollout-apply.ts';
import { judgeAll } from './rollout-cluster.ts';
import { proposeEdit, readRecord } from './rollout-configuration.ts';
import type { RolloutSession } from './rollout-session.ts';
import { otherStore, platformOf, ProblemsError, resolveIn } from './rollout-session.ts';
import { expectAll, verify } from './rollout-verification.ts';

type Seen = ReadonlyMap<string, SeenSecret>;

/** @throws ProblemsError, StoreError, UsageError, OutputError, PlatformError */
export async function rollOut(session: RolloutSession, configuration: Configuration, name: string): Promise<Stepped> {
  const { context, options } = session;
  const isBack = options.to === 'back';
  const resolved = resolveIn(session, configuration);
  const now = platformOf(resolved);
  const current = storeIn(now, name) ?? now.environment.defaultStore;
  const record = isBack ? readRecord(context.root, name) : undefined;
  const to = options.to === 'back' ? (record?.from ?? otherStore(current)) : options.to;
  if (storeIn(platformOf(resolveIn(session, withStore(configuration, name, to))), name) !== to)
    throw noKeyVault(session.environment);
  const secrets = now.secrets.filter(({ application }) => application === name);
  // Where no application reads from a Key Vault, none is resolved.
  const withKeyVault = platformOf(resolveIn(session, withStore(configuration, name, 'azure-keyvault-store')));
  const sides = openSides(withKeyVault, context);
  if (sides.kind === 'wrong') throw new ProblemsError(sides.problems);
  const sideOf = (store: StoreName): StoreSide => (store === 'vault-secret-store' ? sides.vault : sides.keyVault);
  const both = { platform: now, secrets, from: sideOf(otherStore(to)), to: sideOf(to), key: session.key };
  try {
    const seen = await lookAt(
      session,
      secrets.flatMap(({ targets }) => targets),
    );
    const nothing = { application: name, to, remarks: [], secrets: [], diff: [], environments: [], deploy: noDeploy };
    if (current === to) {
      const externalSecrets = await alreadyReady(session, both, seen);
      if (externalSecrets !== undefined)
        return { rolledOut: { ...nothing, state: 'already', externalSecrets }, configuration };
    }

    context.note(`${name}: reading ${secrets.length} secrets from both stores …`);
    const { expected, impossible, ...verified } = await verify(both, isBack ? context.note : undefined);
    const holds = (edited: Configuration): boolean => {
      const resolution = resolveIn(session, edited);
      return resolution.kind === 'resolved' && storeIn(resolution.platform, name) === to;
    };
    const asked = { application: name, to, record };
    const edit = current === to ? undefined : await proposeEdit(context.root, configuration, asked, holds);
    const after = edit?.configuration ?? configuration;
    const environments = environmentChanges([configuration, after], name, session.environment, [
      resolved,
      resolveIn(session, after),
    ]);
    const isDifferent = verified.secrets.some(({ result }) => result === 'different');
    const against = [
      ...impossible,
      ...objections({ isBack, isDifferent, expected, environments, digests: digestsIn(seen) }),
      ...(current !== to && edit === undefined ? byHand(name, to) : []),
    ];
    const remarks = isBack && isDifferent ? ['What differs changes for the applications with the way back.'] : [];
    const planned: RolledOut = {
      ...nothing,
      ...{ secrets: verified.secrets, environments, externalSecrets: [] },
      state: against.length > 0 ? 'refused' : 'planned',
      remarks: [...against, ...remarks],
      diff: edit === undefined ? [] : lineDiff(edit.before, edit.after),
    };
    if (planned.state === 'refused' || options.plan) return { rolledOut: planned, configuration };
    // What differs is to change with a way back, and what was there before says nothing then.
    const before = isBack ? new Map<string, never>() : digestsIn(seen);
    return await applyRollout(session, { planned, current, record, configuration, edit, expected, before });
  } finally {
    await sides.close();
  }
}

const noDeploy: RolledOut['deploy'] = { commands: [], kubectl: [] };

function noKeyVault(environment: string): UsageError {
  return new UsageError(
    `no Key Vault is named: ${environment} has none, and AZURE_KEYVAULT_NAME is not set`,
    'export AZURE_KEYVAULT_NAME=kv-platform-dev',
  );
}

function byHand(name: string, to: StoreName): string[] {
  return [
    'config/applications.ts is written in a way that is not edited here. Change it by hand and run this again:',
    `  in the entry of ${name}: chart: { …, props: { …, secretStore: '${to}' } }`,
  ];
}

/** A plan can do without. */
async function lookAt(
  { cluster, options, context }: RolloutSession,
  targets: readonly { readonly namespace: string; readonly name: string }[],
): Promise<Seen> {
  try {
    return (await cluster?.look(targets)) ?? new Map<string, SeenSecret>();
  } catch (error) {
    if (!options.plan || !(error instanceof PlatformError)) throw error;
    context.note(`${error.message}: no Secret of a cluster is looked at.`);
    return new Map();
  }
}

/** @returns undefined where something is left to do; of one application that is not watched this is not known */
async function alreadyReady(
  { cluster, options }: RolloutSession,
  asked: Parameters<typeof expectAll>[0],
  seen: Seen,
): Promise<RolledOut['externalSecrets'] | undefined> {
  if (cluster === undefined) return options.application === undefined ? [] : undefined;
  const { expected, impossible } = await expectAll(asked);
  const judged = judgeAll({ expected, store: asked.to.store, before: new Map() }, seen);
  return impossible.length === 0 && judged.every(({ state }) => state === 'ready') ? judged : undefined;
}

function digestsIn(seen: Seen): Map<string, NonNullable<SeenSecret['digests']>> {
  return new Map([...seen].flatMap(([id, { digests }]) => (digests === undefined ? [] : [[id, digests] as const])));
}
