import { randomBytes } from 'node:crypto';
import { defaultSettings } from '../eso/operator-settings.ts';
import { keepsVaultTokens } from '../manifests/charts/external-secrets-chart.ts';
import { createWorld } from '../preflight/create-world.ts';
import { preflight } from '../preflight/preflight.ts';
import type { PreflightResult } from '../preflight/preflight-result.ts';
import type { CommandDefinition } from './command.ts';
import { addPlatformOptions, loadPlatforms } from './platform-options.ts';
import { readCluster } from './preflight-cluster.ts';
import { checkNotEmpty, givenManifests, itemsOf, leftOut, synthManifests } from './preflight-input.ts';
import { operatorVersionOf, parsePreflightOptions } from './preflight-options.ts';
import { findRefused, refusedExternalSecrets } from './preflight-refused.ts';
import { commandResult } from './preflight-outcome.ts';
import { createStoreReaders } from './preflight-stores.ts';
import { problemsFound } from './problems-found.ts';

/** What takes longer than this does not stay silent. */
const SILENT_MS = 500;
const AGAIN = 'Nothing was predicted. Mend this and run npm run preflight again.';

export const command: CommandDefinition = {
  examples: [
    'npm run preflight',
    'npm run preflight -- --environment staging --output markdown',
    'kustomize build overlays/production | npm run preflight -- -',
  ],
  formats: ['text', 'markdown', 'json', 'junit', 'sarif'],
  options: (of) => {
    of.argument(
      '[manifests...]',
      'files, folders, or - for what is piped in (default: what npm run synth would write)',
    );
    addPlatformOptions(of, { all: false });
    of.option('--operator-version <version>', 'of External Secrets Operator (default: that of the environment)')
      .option('-n, --namespace <name>', 'of manifests that give none (default: default)')
      .option(
        '--kubeconfig <file>',
        'compare with the Secrets of this cluster, and read what the manifests do not bring',
      )
      .option('--price <dollars>', 'for 10,000 operations of Key Vault', '0.03');
  },

  async run(options, context) {
    const { paths, kubeconfig, dollarsPer10000, defaultNamespace, ...chosen } = parsePreflightOptions(options);
    const { environments, platforms, only, problems } = await loadPlatforms(options, context);
    const [platform] = platforms;
    if (platform === undefined && (paths.length === 0 || chosen.operatorVersion === undefined))
      return problemsFound(environments, problems, AGAIN);
    const operatorVersion = chosen.operatorVersion ?? platform?.environment.externalSecrets.version ?? '';
    const operator = {
      ...defaultSettings(operatorVersionOf(operatorVersion)),
      // What synth writes comes with the operator's chart; how somebody else's operator runs is not known.
      ...(paths.length === 0 ? { vaultTokenCache: keepsVaultTokens } : {}),
    };
    const parsing = { version: operator.version, defaultNamespace };
    const input =
      paths.length === 0 && platform !== undefined
        ? synthManifests(platform, parsing, only)
        : await givenManifests(paths, parsing, platform, context);
    checkNotEmpty(input);
    leftOut(input.resources).forEach(context.note);
    const refused = findRefused(input, operatorVersion, context);

    const refusedDocuments = new Set(refused.map(({ document }) => document));
    const externalSecrets = itemsOf(input, refusedDocuments).map((item) => item.externalSecret);
    const stores = input.resources.stores.map(({ resource }) => resource);
    const cluster =
      kubeconfig === undefined
        ? undefined
        : await readCluster(kubeconfig, externalSecrets, stores, parsing, context.note);
    const readers = createStoreReaders(context);
    const patience = setTimeout(() => context.note('Reading the stores …'), SILENT_MS);
    const found = await preflight({
      items: itemsOf(input, refusedDocuments, cluster?.resources),
      world: createWorld({ manifests: input.resources, platformStores: input.platformStores, cluster, operator }),
      readers: readers.read,
      isUnread: (store) => readers.isUnread(store),
      fingerprintKey: randomBytes(32),
      dollarsPer10000,
    }).finally(() => {
      clearTimeout(patience);
      return readers.close();
    });
    const result: PreflightResult = {
      environment: platform?.environment.name,
      operatorVersion,
      source: input.source,
      given: paths.length > 0,
      cluster: cluster !== undefined,
      stores: readers.stores(),
      externalSecrets: [...refusedExternalSecrets(refused, input), ...found.externalSecrets],
      calls: found.calls,
    };
    return commandResult(result, environments, { ofManifests: input.problems, refused }, context);
  },
};
