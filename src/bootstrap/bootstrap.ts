/** Reads Vault, and says what is to be done; does it, step by step, each only while it is still what the plan was about; reads all of it again. */
import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../model/problem.ts';
import type { DesiredVault } from './desired-vault.ts';
import { planBootstrap } from './plan-bootstrap.ts';
import type { PlannedItem } from './planned-item.ts';
import type { VaultAdministration } from './vault-administration.ts';
import type { Need } from './vault-state.ts';
import { readsOf, readVaultState } from './vault-state.ts';

export type Planned =
  | Plan
  /** Something is in the way that is not Lockstep's: then nothing is written at all. */
  | { readonly kind: 'refused'; readonly items: readonly PlannedItem[]; readonly problems: readonly Problem[] }
  /** The token may not look: nothing can be planned. */
  | { readonly kind: 'forbidden'; readonly problems: readonly Problem[] };

export type Plan = {
  readonly kind: 'planned';
  readonly items: readonly PlannedItem[];
  /** Those of the items that are to be written. */
  readonly changes: readonly ChangingItem[];
};

type ChangingItem = Extract<PlannedItem, { write: unknown }>;

/** @throws {PlatformError} where Vault does not answer */
export async function planVault(vault: VaultAdministration, desired: DesiredVault): Promise<Planned> {
  const problems = await lackingRights(vault, readsOf(desired));
  if (problems.length > 0) return { kind: 'forbidden', problems };
  const items = planBootstrap(desired, await readVaultState(vault, desired));
  const refused = items.flatMap((item) => (item.action === 'refused' ? [item.problem] : []));
  if (refused.length > 0) return { kind: 'refused', items, problems: refused };
  const changes = items.filter((item) => item.action === 'create' || item.action === 'update');
  return { kind: 'planned', items, changes };
}

/** What the token may not do of what a plan needs. @throws {PlatformError} */
export async function lackingRights(vault: VaultAdministration, needs: readonly Need[]): Promise<readonly Problem[]> {
  const held = await vault.capabilities(needs.map(({ path }) => path));
  if (held === undefined) return [lacking({ path: 'sys/capabilities-self', capabilities: ['update'] })];
  return needs.flatMap(({ path, capabilities }) => {
    const has = held[path] ?? [];
    if (has.includes('root')) return [];
    const missing = has.includes('deny') ? capabilities : capabilities.filter((one) => !has.includes(one));
    return missing.length === 0 ? [] : [lacking({ path, capabilities: missing })];
  });
}

function lacking({ path, capabilities }: Need): Problem {
  const list = capabilities.map((one) => `"${one}"`).join(', ');
  return {
    code: 'V003',
    where: path,
    path: '',
    message: `the token lacks ${list}`,
    hint: `Use a token with a policy that has: path "${path}" { capabilities = [${list}] }`,
  };
}

/** @property outcome `already`: somebody else did the same meanwhile. `not reached`: a step before it failed */
export type AppliedItem = {
  readonly item: PlannedItem;
  readonly outcome: 'written' | 'already' | 'failed' | 'not reached' | 'unchanged';
};

export type Applied = { readonly items: readonly AppliedItem[]; readonly problems: readonly Problem[] };

/**
 * Every write is one that can be made again: where this ends early, the next run does the rest.
 *
 * @param onStep called after each write
 * @throws {PlatformError} where Vault no longer answers a read
 */
export async function applyVault(
  vault: VaultAdministration,
  desired: DesiredVault,
  plan: Plan,
  onStep: (step: AppliedItem) => void,
): Promise<Applied> {
  const items: AppliedItem[] = [];
  const problems: Problem[] = [];
  for (const item of plan.items) {
    const outcome =
      item.action === 'create' || item.action === 'update'
        ? problems.length > 0
          ? 'not reached'
          : await step(vault, desired, item, problems)
        : 'unchanged';
    items.push({ item, outcome });
    if (outcome !== 'unchanged' && outcome !== 'not reached') onStep({ item, outcome });
  }
  if (problems.length === 0) problems.push(...(await verify(vault, withoutReplacing(desired))));
  return { items, problems };
}

async function step(
  vault: VaultAdministration,
  desired: DesiredVault,
  item: ChangingItem,
  problems: Problem[],
): Promise<'written' | 'already' | 'failed'> {
  const fail = (message: string, hint: string): 'failed' => {
    problems.push({ code: 'V005', where: item.name, path: '', message, hint });
    return 'failed';
  };
  const now = planBootstrap(desired, await readVaultState(vault, desired));
  const same = now.find(({ thing, name }) => thing === item.thing && name === item.name);
  if (same?.action === 'unchanged') return 'already';
  if (!isDeepStrictEqual(same, item))
    return fail('was changed by somebody else since the plan was made', 'Run it again and look at the new plan.');
  const outcome = await vault.write(item.write);
  return outcome.kind === 'written' ? 'written' : fail(`could not be written: ${outcome.because}`, outcome.hint);
}

/** The reviewer's token is replaced once. */
function withoutReplacing(desired: DesiredVault): DesiredVault {
  return { ...desired, kubernetes: { ...desired.kubernetes, replaceReviewerJwt: false } };
}

/** Everything, and not only what was written. */
async function verify(vault: VaultAdministration, desired: DesiredVault): Promise<readonly Problem[]> {
  return planBootstrap(desired, await readVaultState(vault, desired))
    .filter(({ action }) => action !== 'unchanged')
    .map(({ name }): Problem => ({
      code: 'V005',
      where: name,
      path: '',
      message: 'is not what was written, now that it is read again',
      hint: 'Somebody may be changing it. Run it again and look at the new plan.',
    }));
}
