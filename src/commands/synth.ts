import path from 'node:path';
import type { SynthItem } from '../report/synth-report.ts';
import { renderSynth, renderSynthMarkdown } from '../report/synth-report.ts';
import { digestProgram } from '../synth/output-state.ts';
import { lookAhead } from '../synth/look-ahead.ts';
import type { SynthOptions, SynthOutcome } from '../synth/synth.ts';
import { synth } from '../synth/synth.ts';
import type { Platform } from '../model/platform.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { manifestChecks } from './manifest-checks.ts';
import { addPlatformOptions, environmentName, loadPlatforms } from './platform-options.ts';
import { problemsFound } from './problems-found.ts';

const AGAIN = 'Nothing was written. Mend this and run npm run synth again.';

export const command: CommandDefinition = {
  examples: [
    'npm run synth',
    'npm run synth -- --environment production',
    'npm run synth -- --application nextjs --output json',
  ],
  formats: ['text', 'markdown', 'json'],
  options: (of) => addPlatformOptions(of, { all: true }),

  async run(options, context) {
    const folders = foldersOf(context);
    const ahead = options['all'] === true ? undefined : lookAhead(folders, environmentName(options));
    const { environments, platforms, only, problems } = await loadPlatforms(options, context);
    if (problems.length > 0) return problemsFound(environments, problems, AGAIN);
    const outcome = await synthesise(platforms, context, { only, ahead });
    if (outcome.kind === 'wrong') return problemsFound(environments, outcome.problems, AGAIN);
    const items = outcome.results.map((result, index): SynthItem => ({
      ...result,
      gitOps: platforms[index]?.environment.gitOps.kind ?? 'git',
    }));
    for (const { notes, unchecked } of items) {
      notes.forEach(context.note);
      if (unchecked.length > 0)
        context.note(
          `Not checked, for want of a schema: ${unchecked.join(', ')}. Try npm run check -- --crds <folder or cluster>.`,
        );
    }
    return {
      outcome: 'clean',
      environments,
      items,
      problems: [],
      render: (format) => (format === 'markdown' ? renderSynthMarkdown(items) : renderSynth(items)),
    };
  },
};

/** What decides, besides the configuration, what the output looks like. */
const decisive = ['src/configuration', 'src/manifests', 'src/model', 'src/schemas', 'src/synth', 'schemas'];

function foldersOf({ root, program }: CommandContext): Pick<SynthOptions, 'dist' | 'memory' | 'program'> {
  return {
    dist: path.join(root, 'dist'),
    memory: path.join(root, '.lockstep', 'synth'),
    program: digestProgram(decisive.map((folder) => path.join(program, folder))),
  };
}

/** Writes below `dist/`; the result's paths are relative to the repository. */
export async function synthesise(
  platforms: readonly Platform[],
  context: CommandContext,
  options: Pick<SynthOptions, 'only' | 'ahead'> = {},
): Promise<SynthOutcome> {
  const outcome = await synth(platforms, {
    ...foldersOf(context),
    checkFor: await manifestChecks(platforms, context.program, context.note),
    ...options,
  });
  return outcome.kind === 'wrong'
    ? outcome
    : {
        kind: 'written',
        results: outcome.results.map((result) => ({ ...result, output: path.relative(context.root, result.output) })),
      };
}
