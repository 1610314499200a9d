/** Reads the CRDs of the cluster that kubectl talks to. */
import { execFile } from 'node:child_process';
import { PlatformError } from '../model/problem.ts';

const args = ['get', 'customresourcedefinitions.apiextensions.k8s.io', '--output', 'json'];
const TIMEOUT_MS = 60_000;
/** External Secrets Operator's CRDs alone are 1.6 MB. */
const MAX_BYTES = 256 * 2 ** 20;

/**
 * Needs `list` on customresourcedefinitions.
 * @returns one list, as the API server gives it
 * @throws PlatformError `CLUSTER`
 */
export async function readClusterCrds(): Promise<unknown[]> {
  const text = await new Promise<string>((resolve, reject) => {
    execFile('kubectl', args, { timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(couldNotRead(error, stderr));
    });
  });
  return [JSON.parse(text) as unknown];
}

function couldNotRead(error: Error & { code?: unknown; killed?: boolean }, stderr: string): PlatformError {
  if (error.code === 'ENOENT')
    return new PlatformError(
      'CLUSTER',
      'kubectl is not installed',
      'Install it, or give --crds a folder of CRD files.',
      error,
    );
  const told = stderr.trim().split('\n').at(-1) ?? '';
  return new PlatformError(
    'CLUSTER',
    `the CRDs of the cluster could not be read: ${error.killed === true ? 'kubectl did not answer within a minute' : told}`,
    `kubectl ${args.slice(0, 2).join(' ')} should work from here; or give --crds a folder of CRD files.`,
    error,
  );
}
