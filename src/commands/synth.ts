import path from 'node:path';
import { renderProblems, renderProblemsMarkdown } from '../report/problem-report.ts';
import type { SynthItem } from '../report/synth-report.ts';
import { renderSynth, renderSynthMarkdown } from '../report/synth-report.ts';
import { digestProgram } from '../synth/output-state.ts';
import type { SynthOutcome } from '../synth/synth.ts';
import { synth } from '../synth/synth.ts';
import type { Platform } from '../model/platform.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { manifestChecks } from './manifest-checks.ts';
import { addPlatformOptions, loadPlatforms } from './platform-options.ts';

export const command: CommandDefinition = {
  examples: [
    'npm run synth',
    'AZURE_TENANT_ID=$(az account show --query tenantId --output tsv) AZURE_CLIENT_ID=… npm run synth -- --environment production',
    'npm run synth -- --application nextjs --output json',
  ],
  formats: ['text', 'markdown', 'json'],
  options: (of) => addPlatformOptions(of, { all: true }),

  async run(options, context) {
    const { environments, platforms, only, problems } = await loadPlatforms(options, context);
    if (problems.length > 0) return wrong(environments, problems);
    const outcome = await synthesise(platforms, context, only);
    if (outcome.kind === 'wrong') return wrong(environments, outcome.problems);
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

/** Writes below `dist/`; the result's paths are relative to the repository. */
export async function synthesise(
  platforms: readonly Platform[],
  { root, program, note }: CommandContext,
  only?: ReadonlySet<string>,
): Promise<SynthOutcome> {
  const outcome = synth(platforms, {
    dist: path.join(root, 'dist'),
    memory: path.join(root, '.lockstep', 'synth'),
    program: digestProgram([path.join(program, 'src'), path.join(program, 'schemas')]),
    checkFor: await manifestChecks(platforms, program, note),
    only,
  });
  return outcome.kind === 'wrong'
    ? outcome
    : {
        kind: 'written',
        results: outcome.results.map((result) => ({ ...result, output: path.relative(root, result.output) })),
      };
}

function wrong(
  environments: readonly string[],
  problems: Parameters<typeof renderProblems>[0],
): Awaited<ReturnType<CommandDefinition['run']>> {
  return {
    outcome: 'findings',
    environments,
    items: [],
    problems,
    render: (format) =>
      format === 'markdown'
        ? renderProblemsMarkdown(problems)
        : `${renderProblems(problems)}\n\nNothing was written. Mend this and run npm run synth again.\n`,
  };
}
