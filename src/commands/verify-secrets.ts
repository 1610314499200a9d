import { randomBytes } from 'node:crypto';
import { planMigration } from '../migrate/plan-migration.ts';
import { migrationItem } from '../migrate/migration-item.ts';
import { renderMigration, renderMigrationMarkdown } from '../report/migration-report.ts';
import { plural } from '../report/plural.ts';
import type { CommandDefinition } from './command.ts';
import { addSecretChoice, chosenSecrets, CONCURRENCY } from './migration-options.ts';
import { showProgress } from './migration-progress.ts';
import { openSides } from './migration-sides.ts';
import { loadPlatforms } from './platform-options.ts';
import { problemsFound } from './problems-found.ts';

const AGAIN = 'Nothing was compared. Mend this and run npm run verify-secrets again.';

export const command: CommandDefinition = {
  examples: [
    'npm run verify-secrets',
    'npm run verify-secrets -- --application ai-platform-engineering',
    'npm run verify-secrets -- --environment staging --output json',
  ],
  formats: ['text', 'markdown', 'json'],
  options: addSecretChoice,

  async run(options, context) {
    const { environments, platforms, only, problems } = await loadPlatforms(options, context);
    const [platform] = platforms;
    if (problems.length > 0 || platform === undefined) return problemsFound(environments, problems, AGAIN);
    const secrets = chosenSecrets(platform, only, options);
    const sides = openSides(platform, context);
    if (sides.kind === 'wrong') return problemsFound(environments, sides.problems, AGAIN);
    const { vault: from, keyVault: to } = sides;
    const { name } = platform.environment;
    try {
      context.note(`Reading ${plural(secrets.length, 'secret')} from both stores …`);
      const careful = { includeUndeclared: false, overwrite: false, history: false };
      const plan = await planMigration(
        secrets,
        platform.secrets,
        { from, to, options: careful, fingerprintKey: randomBytes(32), concurrency: CONCURRENCY },
        { onProgress: showProgress(context, 'comparing', sides.retries) },
      );
      const told = { environment: name, from: from.name, to: to.name };
      const item = migrationItem(plan, undefined, told);
      const same = plan.secrets.filter(({ action }) => action.kind === 'unchanged');
      const targets = same.reduce((sum, { secret }) => sum + secret.targets.length, 0);
      const all = secrets.reduce((sum, secret) => sum + secret.targets.length, 0);
      const isSame = same.length === secrets.length;
      const isKnown = !plan.secrets.some(({ action }) => action.kind === 'failed');
      const next = [
        `${isSame ? '✓' : '✗'} ${targets} of ${all} Kubernetes Secrets are the same, to the byte, from either store`,
        isSame
          ? `Next: npm run rollout -- ${name === 'dev' ? '' : `--environment ${name} `}--all --to azure-keyvault-store`
          : `Next: npm run migrate-secrets-to-azure -- --environment ${name} --plan`,
      ];
      return {
        ...{ outcome: isSame ? 'clean' : isKnown ? 'findings' : 'failed', environments, items: [item], problems: [] },
        render: (format) => (format === 'markdown' ? renderMigrationMarkdown : renderMigration)('Verify', item, next),
      };
    } finally {
      await sides.close();
    }
  },
};
