import { randomBytes } from 'node:crypto';
import { renderStart, renderStartMarkdown } from '../report/start-report.ts';
import type { SynthesisOutcome } from '../start/start.ts';
import { start } from '../start/start.ts';
import type { Platform } from '../model/platform.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { startEmbeddedStores } from './embedded-stores.ts';
import { addPlatformOptions, loadPlatforms } from './platform-options.ts';
import { problemsFound } from './problems-found.ts';
import { synthesiseOne } from './synth-session.ts';

const AGAIN = 'Nothing was written. Mend this and run npm start again.';

export const command: CommandDefinition = {
  examples: ['npm start', 'npm start -- --application nextjs', 'npm start -- --output json'],
  formats: ['text', 'markdown', 'json'],
  options: (of) => addPlatformOptions(of, { all: false }),

  async run(options, context) {
    const { environments, platforms, only, problems } = await loadPlatforms(options, context);
    const [platform] = platforms;
    if (problems.length > 0 || platform === undefined) return problemsFound(environments, problems, AGAIN);
    const stores = await startEmbeddedStores();
    const outcome = await start({
      platform,
      stores,
      synthesise: () => synthesisOf(platform, context),
      fingerprintKey: randomBytes(32),
    }).finally(() => stores.close());
    if (outcome.kind === 'wrong') return problemsFound(environments, outcome.problems, AGAIN);
    platform.notes.forEach(context.note);
    const shown = {
      ...outcome.result,
      applications: outcome.result.applications.filter(({ name }) => only?.has(name) ?? true),
    };
    const clean = shown.applications.every(({ secrets }) => secrets.every(({ state }) => state === 'synced'));
    return {
      outcome: clean ? 'clean' : 'findings',
      environments,
      items: [shown],
      problems: [],
      render: (format) =>
        format === 'markdown'
          ? renderStartMarkdown(shown)
          : renderStart(shown, { colour: context.colour, symbols: 'unicode' }),
    };
  },
};

async function synthesisOf(platform: Platform, context: CommandContext): Promise<SynthesisOutcome> {
  const outcome = await synthesiseOne(platform, context);
  return outcome.kind === 'wrong' ? outcome : { kind: 'written', output: outcome.results[0]?.output ?? '' };
}
