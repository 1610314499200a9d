import type { AppliedItem } from '../bootstrap/bootstrap.ts';
import { applyVault, lackingRights, planVault } from '../bootstrap/bootstrap.ts';
import { desireVault } from '../bootstrap/desired-vault.ts';
import type { PlannedItem } from '../bootstrap/planned-item.ts';
import type { Problem } from '../model/problem.ts';
import { UsageError } from '../model/problem.ts';
import type { BootstrapItem } from '../report/bootstrap-report.ts';
import { renderBootstrap, renderBootstrapMarkdown, renderPlan, renderThing } from '../report/bootstrap-report.ts';
import { createVaultAdministration } from '../stores/vault/vault-administration.ts';
import { addBootstrapOptions, parseBootstrapOptions, sameCommand } from './bootstrap-options.ts';
import { describeItem } from './bootstrap-things.ts';
import type { CommandContext, CommandDefinition, CommandResult } from './command.ts';
import { loadPlatforms } from './platform-options.ts';
import { problemsFound } from './problems-found.ts';
import { vaultConnection } from './vault-connection.ts';

const AGAIN = 'Nothing was written. Mend this and run npm run bootstrap-vault again.';

export const command: CommandDefinition = {
  examples: [
    'npm run bootstrap-vault -- --plan',
    'npm run bootstrap-vault -- --yes',
    'npm run bootstrap-vault -- --environment staging --confirm=staging --output json',
  ],
  formats: ['text', 'markdown', 'json'],
  options: addBootstrapOptions,

  async run(options, context) {
    const { environments, platforms, problems } = await loadPlatforms(options, context);
    const [platform] = platforms;
    if (problems.length > 0 || platform === undefined) return problemsFound(environments, problems, AGAIN);
    const { name, production } = platform.environment;
    if (options['confirm'] !== undefined && options['confirm'] !== name)
      throw new UsageError(`--confirm: the environment is ${name}`, `To confirm it: --confirm=${name}`);
    const desired = desireVault(platform, parseBootstrapOptions(options, context.environment));
    const connection = vaultConnection(platform, context);
    if (connection.kind === 'wrong') return problemsFound(environments, connection.problems, AGAIN);
    const { settings } = connection;
    const vault = createVaultAdministration(settings);

    const result = (
      outcome: CommandResult['outcome'],
      item: BootstrapItem | undefined,
      found: readonly Problem[],
      ...next: string[]
    ): CommandResult => ({
      outcome,
      environments,
      items: item === undefined ? [] : [item],
      problems: found,
      render: (format) => (format === 'markdown' ? renderBootstrapMarkdown : renderBootstrap)(item, found, next),
    });
    const itemOf = (applied: readonly (AppliedItem | PlannedItem)[]): BootstrapItem => ({
      environment: name,
      vault: settings.address,
      things: applied.map(describeItem),
    });

    try {
      const planned = await planVault(vault, desired);
      if (planned.kind === 'forbidden') return result('findings', undefined, planned.problems, AGAIN);
      const plan = itemOf(planned.items);
      if (planned.kind === 'refused') return result('findings', plan, planned.problems, AGAIN);
      const { items, changes } = planned;
      const done = `Next: npm run synth${name === 'dev' ? '' : ` -- --environment ${name}`}`;
      if (changes.length === 0) return result('clean', plan, [], `✓ Vault is as it should be`, done);
      const byName = production || changes.some((item) => item.action === 'update' && !item.adds);
      const way = byName ? `--confirm=${name}` : '--yes';
      const nothing = ['Nothing was written.', `Next: ${sameCommand(options, way)}`];
      if (options['plan'] === true) return result('findings', plan, [], ...nothing);
      const lacking = await lackingRights(
        vault,
        changes.map(({ needs }) => needs),
      );
      if (lacking.length > 0) return result('findings', plan, lacking, AGAIN);
      const isConfirmed = options['confirm'] !== undefined || (options['yes'] === true && !byName);
      if (isConfirmed || context.ask !== undefined) context.note(renderPlan(plan));
      if (!isConfirmed && !(await asks(context, byName ? name : undefined)))
        return result('findings', plan, [], ...nothing);

      const applied = await applyVault(vault, desired, planned, (step) =>
        context.note(renderThing(describeItem(step))),
      );
      const after = itemOf(applied.items);
      return applied.problems.length === 0
        ? result('clean', after, [], `✓ read again: all ${items.length} are as they should be`, done)
        : result('failed', after, applied.problems, `Next: ${sameCommand(options, way)}`);
    } finally {
      await vault.close();
    }
  },
};

/** @param byName what has to be typed where a yes is not enough */
async function asks({ ask }: CommandContext, byName: string | undefined): Promise<boolean> {
  if (ask === undefined) return false;
  const answer = await ask(byName === undefined ? 'Write this to Vault? [y/N] ' : `Type ${byName} to write this: `);
  return byName === undefined ? /^y(?:es)?$/i.test(answer.trim()) : answer.trim() === byName;
}
