/** All ExternalSecrets and stores of a cluster, as the text of manifests. */
import { execFile } from 'node:child_process';
import { PlatformError } from '../model/problem.ts';

const TIMEOUT_MS = 60_000;
const MAX_BYTES = 256 * 2 ** 20;
const group = 'external-secrets.io';
const resources = ['externalsecrets', 'secretstores', 'clustersecretstores']
  .map((name) => `${name}.${group}`)
  .join(',');

/**
 * Needs `list` on the three. ServiceAccounts tell the identity that signs in to Azure; without the right to list them it is not told.
 * @throws PlatformError `CLUSTER`
 */
export async function listClusterManifests(kubeconfig: string): Promise<string[]> {
  const list = (what: string): Promise<string> => kubectl(kubeconfig, what);
  const objects = await list(resources);
  const accounts = await list('serviceaccounts').catch(() => '');
  return [objects, accounts].filter((text) => text.trim() !== '');
}

function kubectl(kubeconfig: string, what: string): Promise<string> {
  const args = [`--kubeconfig=${kubeconfig}`, 'get', what, '--all-namespaces', '--output=json'];
  return new Promise((resolve, reject) => {
    execFile('kubectl', args, { timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else
        reject(
          new PlatformError(
            'CLUSTER',
            error.code === 'ENOENT'
              ? 'kubectl is not installed'
              : `the cluster could not be read: ${stderr.trim().split('\n').at(-1) ?? ''}`,
            `kubectl --kubeconfig … get ${what} --all-namespaces should work from here; or give manifests.`,
            error,
          ),
        );
    });
  });
}
