import { UsageError } from '../model/problem.ts';
import { renderSynth, renderSynthMarkdown } from '../report/synth-report.ts';
import type { CommandDefinition } from './command.ts';
import { addPlatformOptions } from './platform-options.ts';
import { problemsFound } from './problems-found.ts';
import { SynthSession } from './synth-session.ts';

const AGAIN = 'Nothing was written. Mend this and run npm run synth again.';

export const command: CommandDefinition = {
  examples: [
    'npm run synth',
    'npm run synth -- --environment production',
    'npm run synth -- --application nextjs --output json',
  ],
  formats: ['text', 'markdown', 'json'],
  options: (of) => {
    addPlatformOptions(of, { all: true });
    of.option('-w, --watch', 'stay, and write what changes whenever config/ changes, until Ctrl-C');
  },

  async run(options, context) {
    if (options['watch'] === true) {
      if (options['output'] !== 'text')
        throw new UsageError('--watch reports as text', 'Leave out --output, or leave out --watch for one document.');
      const { watchSynth } = await import('./synth-watch.ts');
      return watchSynth(options, context);
    }
    const session = new SynthSession(options, context);
    try {
      const run = await session.run();
      if (run.kind === 'wrong') return problemsFound(run.environments, run.problems, AGAIN);
      const { environments, items } = run;
      return {
        outcome: 'clean',
        environments,
        items,
        problems: [],
        render: (format) => (format === 'markdown' ? renderSynthMarkdown(items) : renderSynth(items)),
      };
    } finally {
      await session.close();
    }
  },
};
