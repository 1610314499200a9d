import type { StoreSide } from '../migrate/migration.ts';
import type { StoreName } from '../model/configuration.ts';
import type { Secret } from '../model/platform.ts';
import { InternalError } from '../model/problem.ts';
import { renderSetSecrets, renderSetSecretsMarkdown } from '../report/set-secrets-report.ts';
import type { CommandDefinition } from './command.ts';
import { openKeyVault, openVault } from './migration-sides.ts';
import { loadPlatforms } from './platform-options.ts';
import { problemsFound } from './problems-found.ts';
import { addSetSecretsOptions, parseSetSecretsOptions } from './set-secrets-options.ts';
import { outcomeOf } from './set-secrets-outcome.ts';
import { runSession } from './set-secrets-session.ts';
import { readSources } from './set-secrets-sources.ts';

const AGAIN = 'Nothing was written. Mend this and run npm run set-secrets again.';

export const command: CommandDefinition = {
  examples: [
    'npm run set-secrets',
    'npm run set-secrets -- --secret jira --field ATLASSIAN_EMAIL',
    'npm run set-secrets -- --generate --plan',
  ],
  formats: ['text', 'markdown', 'json'],
  options: addSetSecretsOptions,

  async run(options, context) {
    const { environments, platforms, only, problems } = await loadPlatforms(options, context);
    const [platform] = platforms;
    if (problems.length > 0 || platform === undefined) return problemsFound(environments, problems, AGAIN);
    const parsed = parseSetSecretsOptions(options, platform, only);
    const sources = await readSources(parsed, context);
    // Only the stores that are written: the others need no credentials.
    const open = new Map<StoreName, { readonly side: StoreSide; readonly close: () => Promise<unknown> }>();
    try {
      for (const store of new Set(parsed.secrets.map((secret) => secret.store))) {
        const opened = (store === 'vault-secret-store' ? openVault : openKeyVault)(platform, context);
        if (opened.kind === 'wrong') return problemsFound(environments, opened.problems, AGAIN);
        open.set(store, opened);
      }
      const sideOf = ({ store }: Secret): StoreSide => {
        const side = open.get(store)?.side;
        if (side === undefined) throw new InternalError(new Error('a store is not open'));
        return side;
      };
      const { environment } = platform;
      const end = await runSession({ options: parsed, environment, sideOf, sources, context });
      const { outcome, next } = outcomeOf(end, options, parsed, platform);
      const item = {
        environment: environment.name,
        stores: [...open].map(([store, { side }]) => ({ store, name: side.name })),
        secrets: end.secrets,
      };
      return {
        ...{ outcome, environments, items: [item], problems: [] },
        render: (format) => (format === 'markdown' ? renderSetSecretsMarkdown : renderSetSecrets)(item, next),
      };
    } finally {
      await Promise.all([...open.values()].map(({ close }) => close()));
    }
  },
};
