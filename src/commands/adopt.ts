import { adopt } from '../adopt/adopt.ts';
import { defaultSettings, defaultVersion } from '../eso/operator-settings.ts';
import type { Adoption } from '../adopt/adoption.ts';
import { renderConfiguration } from '../adopt/render-configuration.ts';
import { inputProblem } from '../manifest-input/input-problem.ts';
import { parseManifests } from '../manifest-input/parse-manifests.ts';
import { parseResources } from '../manifest-input/parse-resources.ts';
import type { Input } from '../manifest-input/read-input.ts';
import { readInput } from '../manifest-input/read-input.ts';
import type { Problem } from '../model/problem.ts';
import { UsageError } from '../model/problem.ts';
import { adoptItem, renderAdopt, renderAdoptMarkdown } from '../report/adopt-report.ts';
import { listClusterManifests } from './adopt-cluster.ts';
import { definePath, writeNewFiles } from './adopt-files.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { operatorVersionOf } from './preflight-options.ts';
import { createStoreReaders } from './preflight-stores.ts';

export const command: CommandDefinition = {
  examples: [
    'npm run adopt -- manifests/',
    'npm run adopt -- manifests/ --into config-adopted --read-stores',
    'npm run adopt -- --kubeconfig ~/.kube/config --into config-adopted',
  ],
  formats: ['text', 'markdown', 'json'],
  options: (of) => {
    of.argument('[manifests...]', 'files, folders, or - for what is piped in')
      .option('--kubeconfig <file>', 'the ExternalSecrets and stores of this cluster')
      .option('--into <folder>', 'write applications.ts, secrets.ts and environments.ts there (default: print them)')
      .option('--read-stores', 'read the stores: the names of fields, and values to compare')
      .option('-n, --namespace <name>', 'of manifests that give none', 'default')
      .option('--operator-version <version>', 'of External Secrets Operator', defaultVersion);
  },

  async run(options, context) {
    const version = String(options['operatorVersion']).replace(/^v/, '');
    const operator = defaultSettings(operatorVersionOf(version));
    const input = await readGiven(options, context);
    const namespace = String(options['namespace']);
    const resources = parseResources(input.documents, { version: operator.version, defaultNamespace: namespace });
    const unreadable = [...input.problems, ...resources.problems];
    if (resources.externalSecrets.length === 0 && unreadable.length === 0)
      throw new UsageError(
        'there is no ExternalSecret in what was given',
        'Give manifests that have one, or --kubeconfig.',
      );
    const readers = options['readStores'] === true ? createStoreReaders(context) : undefined;
    const adoption = await adopt({ resources, operator, version, read: readers?.read }).finally(() => readers?.close());

    const into = typeof options['into'] === 'string' ? options['into'] : '';
    const files = renderConfiguration(adoption.configuration, definePath(into, context.root));
    if (into !== '' && adoption.adopted.length > 0) await writeNewFiles(into, files);
    const item = adoptItem(adoption, into, files);
    const problems = [...unreadable, ...leftProblems(adoption)];
    const next = nextSteps(adoption, into, options['readStores'] === true);
    return {
      outcome: problems.length === 0 ? 'clean' : 'findings',
      environments: [],
      items: [item],
      problems,
      render: (format) => (format === 'markdown' ? renderAdoptMarkdown : renderAdopt)(item, unreadable, next),
    };
  },
};

async function readGiven(options: Readonly<Record<string, unknown>>, { stdin }: CommandContext): Promise<Input> {
  const paths = options['arguments'] as readonly string[];
  const { kubeconfig } = options;
  if (typeof kubeconfig === 'string') {
    if (paths.length > 0) throw new UsageError('--kubeconfig and manifests exclude each other', 'Leave one out.');
    const parsed = (await listClusterManifests(kubeconfig)).map((text) => parseManifests('cluster', text));
    return { documents: parsed.flatMap((one) => one.documents), problems: parsed.flatMap((one) => one.problems) };
  }
  if (paths.length === 0) throw new UsageError('no manifests were given', 'Give files, folders, -, or --kubeconfig.');
  return readInput(paths, { stdin });
}

function leftProblems({ left }: Adoption): Problem[] {
  return left.map(({ given: { resource, from }, because, hint }) => {
    const { namespace, name } = resource.metadata;
    return inputProblem('M112', from, '', `ExternalSecret ${namespace}/${name} is not adopted: ${because}`, hint);
  });
}

function nextSteps({ adopted }: Adoption, into: string, isRead: boolean): string[] {
  if (adopted.length === 0) return [];
  if (into === '') return ['Next: the same with --into config-adopted, which writes the three files'];
  return [
    `✓ wrote ${into}/applications.ts, secrets.ts and environments.ts`,
    `Next: look at them, put them in the place of config/, and npm run ${isRead ? 'synth' : 'preflight'}`,
  ];
}
