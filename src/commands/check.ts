import { readClusterCrds } from '../cluster/custom-resource-definitions.ts';
import { count, renderProblems, renderProblemsMarkdown } from '../report/problem-report.ts';
import { readCrdFolder } from '../schemas/crd-schemas.ts';
import { checkManifests } from '../synth/check-manifests.ts';
import type { CommandDefinition } from './command.ts';
import { manifestChecks } from './manifest-checks.ts';
import { addPlatformOptions, loadPlatforms } from './platform-options.ts';

export const command: CommandDefinition = {
  examples: ['npm run check', 'npm run check -- --output markdown', 'npm run check -- --crds cluster'],
  formats: ['text', 'markdown', 'json', 'junit'],
  options: (of) => {
    addPlatformOptions(of, { all: true });
    of.option(
      '--crds <folder|cluster>',
      'check against these CRDs, or those of the cluster, in place of the ones in schemas/',
    );
  },

  async run(options, context) {
    const { environments, platforms, only, problems: configurationProblems } = await loadPlatforms(options, context);
    const checkFor = await manifestChecks(platforms, context.program, context.note, await chosenCrds(options['crds']));
    // Manifests follow from a sound configuration; from another nothing follows.
    const checked =
      configurationProblems.length > 0 ? [] : platforms.map((platform) => checkManifests(platform, checkFor, only));
    const problems = [...configurationProblems, ...checked.flatMap((result) => result.problems)];
    const unchecked = [...new Set(checked.flatMap((result) => result.unchecked))];
    for (const platform of platforms) platform.notes.forEach(context.note);
    if (unchecked.length > 0) context.note(`Not checked, for want of a schema: ${unchecked.join(', ')}.`);
    const manifests = checked.reduce((sum, result) => sum + result.manifests, 0);
    return {
      outcome: problems.length === 0 ? 'clean' : 'findings',
      environments,
      items: checked.map(({ environment, manifests: of }) => ({ environment, manifests: of })),
      problems,
      render: (format) => {
        if (format === 'markdown') return renderProblemsMarkdown(problems);
        return problems.length === 0
          ? `✓ ok: ${environments.join(', ')}: the configuration and ${manifests} manifests\nNext: npm run synth\n`
          : `${renderProblems(problems)}\n\n✗ ${count(problems.length)}\nNext: mend config/, then npm run check; npm run check -- --explain ${problems[0]?.code ?? ''}\n`;
      },
    };
  },
};

async function chosenCrds(option: unknown): Promise<readonly unknown[] | undefined> {
  if (typeof option !== 'string') return undefined;
  return option === 'cluster' ? await readClusterCrds() : await readCrdFolder(option);
}
