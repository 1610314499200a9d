/** What to deploy after a roll-out's synth, as commands. */
import path from 'node:path';
import { accessArguments } from '../cluster/cluster-access.ts';
import type { Platform } from '../model/platform.ts';
import type { ExpectedSecret } from '../rollout/expected-secret.ts';
import type { Deploy } from '../rollout/rollout-item.ts';
import type { RolloutOptions } from './rollout-options.ts';

/**
 * A secret may arrive in another application than its own, whose manifests then change as well.
 * @param output of synth, relative to the repository
 */
export function deployCommands(
  { environment, applications }: Platform,
  output: string,
  application: string,
  expected: readonly ExpectedSecret[],
  { cluster }: Pick<RolloutOptions, 'cluster'>,
): Deploy {
  const folder = output.split(path.sep).join('/');
  const receiving = new Set(expected.map((one) => one.application));
  const stores = applications.filter(({ chartType }) => chartType === 'ExternalSecretsChart');
  // The stores first: an ExternalSecret that names one that is not there fails until it is.
  const changed = [...stores, ...applications.filter((one) => receiving.has(one.name) && !stores.includes(one))];
  const access = accessArguments(cluster ?? {}).map((argument) => `${argument} `);
  return {
    commands:
      environment.gitOps.kind === 'git'
        ? [
            `git add config/applications.ts ${folder}`,
            `git commit --message "Read ${application} of ${environment.name} from its new store"`,
            'git push',
          ]
        : [`idpbuilder create --package ${folder}`],
    kubectl: changed.map(({ name }) => `kubectl ${access.join('')}apply --server-side -k ${folder}/${name}/manifests`),
  };
}
