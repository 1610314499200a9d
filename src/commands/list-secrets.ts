import { listSecret } from '../inventory/list-secrets.ts';
import { inParallel } from '../migrate/in-parallel.ts';
import type { StoreSide } from '../migrate/migration.ts';
import { undeclaredNames } from '../migrate/names-at.ts';
import type { StoreName } from '../model/configuration.ts';
import { InternalError } from '../model/problem.ts';
import { plural } from '../report/plural.ts';
import { isOpen, renderSecrets, renderSecretsMarkdown } from '../report/secrets-report.ts';
import type { CommandDefinition } from './command.ts';
import { addSecretChoice, chosenSecrets, CONCURRENCY } from './migration-options.ts';
import { openKeyVault, openVault } from './migration-sides.ts';
import { loadPlatforms } from './platform-options.ts';
import { problemsFound } from './problems-found.ts';

const AGAIN = 'Nothing was read. Mend this and run npm run list-secrets again.';

export const command: CommandDefinition = {
  examples: [
    'npm run list-secrets',
    'npm run list-secrets -- --application nextjs',
    'npm run list-secrets -- --environment staging --output json',
  ],
  formats: ['text', 'markdown', 'json'],
  options: addSecretChoice,

  async run(options, context) {
    const { environments, platforms, only, problems } = await loadPlatforms(options, context);
    const [platform] = platforms;
    if (problems.length > 0 || platform === undefined) return problemsFound(environments, problems, AGAIN);
    const secrets = chosenSecrets(platform, only, options);
    // Only the stores that these secrets are read from: the others need no credentials.
    const open = new Map<StoreName, { readonly side: StoreSide; readonly close: () => Promise<unknown> }>();
    for (const store of new Set(secrets.map((secret) => secret.store))) {
      const opened = (store === 'vault-secret-store' ? openVault : openKeyVault)(platform, context);
      if (opened.kind === 'wrong') return problemsFound(environments, opened.problems, AGAIN);
      open.set(store, opened);
    }
    try {
      context.note(`Reading ${plural(secrets.length, 'secret')} …`);
      const now = Date.now();
      const listed = await inParallel(secrets, CONCURRENCY, (secret) => {
        const side = open.get(secret.store)?.side;
        if (side === undefined) throw new InternalError(new Error('a store is not open'));
        return listSecret(secret, side.client, now);
      });
      const undeclared = await Promise.all(
        [...open.values()].map(({ side }) => undeclaredNames(side, platform.secrets, undefined)),
      );
      const item = {
        environment: platform.environment.name,
        stores: [...open].map(([store, { side }]) => ({ store, name: side.name })),
        secrets: listed,
        undeclared: undeclared.some((names) => names === undefined)
          ? undefined
          : undeclared.flatMap((names) => names ?? []).toSorted(),
      };
      const wrong = listed.some(isOpen);
      const next = wrong ? 'Next: npm run set-secrets' : 'Next: npm run preflight';
      return {
        ...{ outcome: wrong ? 'findings' : 'clean', environments, items: [item], problems: [] },
        render: (format) => (format === 'markdown' ? renderSecretsMarkdown : renderSecrets)(item, next),
      };
    } finally {
      await Promise.all([...open.values()].map(({ close }) => close()));
    }
  },
};
