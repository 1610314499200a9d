/** One policy: Lockstep's where its first line says so. */
import type { DesiredVault } from './desired-vault.ts';
import { refuse } from './planned-item.ts';
import type { PlannedItem } from './planned-item.ts';
import { checkPolicyPath, comparePolicies, isMarked, policyMark, renderPolicy } from './vault-policy.ts';
import { paths } from './vault-state.ts';

export function planPolicy(
  { name, rules, about }: DesiredVault['policies'][number],
  found: string | undefined,
): PlannedItem {
  const item = { thing: 'policy', name } as const;
  for (const rule of rules) {
    const problem = checkPolicyPath(rule.path);
    if (problem !== undefined)
      return refuse(
        item,
        `needs a rule for "${rule.path}", which is ${problem}`,
        'Rename it in config/secrets.ts.',
        'V002',
      );
  }
  const policy = renderPolicy(rules);
  const path = paths.policy(name);
  const change = {
    write: { path, fields: { policy }, repeatable: true },
    needs: { path, capabilities: ['update'] },
  } as const;
  if (found === undefined) return { ...item, about, action: 'create', ...change };
  const { added, removed } = comparePolicies(found, policy);
  const isOurs = isMarked(found);
  if (added.length === 0 && removed.length === 0)
    return { ...item, about: '', action: 'unchanged', owner: isOurs ? 'lockstep' : 'others' };
  if (!isOurs)
    return refuse(
      item,
      `is not Lockstep's, and differs: it lacks ${count(added)}, and has ${count(removed)} more`,
      `Read it (vault policy read ${name}). To give it to Lockstep, make its first line: ${policyMark}`,
    );
  const differences = [...added.map((line) => `+ ${line}`), ...removed.map((line) => `- ${line}`)];
  return { ...item, about: '', action: 'update', differences, adds: removed.length === 0, ...change };
}

function count(lines: readonly string[]): string {
  return `${lines.length} line${lines.length === 1 ? '' : 's'}`;
}
