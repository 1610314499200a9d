/** `npm run lab -- journeys`: those that need no Argo CD, one after the other. */
import { spawn } from 'node:child_process';
import path from 'node:path';

export const journeys: readonly string[] = ['vault', 'key-vault', 'switch-over'];

/** @param kubeconfig of a cluster that exists. @returns the status of the tests */
export async function runJourneys(names: readonly string[], kubeconfig: string | undefined): Promise<number> {
  const files = names.map((name) => path.join(import.meta.dirname, `${name}-journey.lab.ts`));
  const options = ['--test', '--test-concurrency=1', '--test-timeout=600000', '--test-reporter=spec'];
  const given = kubeconfig === undefined ? {} : { LOCKSTEP_LAB_KUBECONFIG: path.resolve(kubeconfig) };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...options, ...files], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...given },
  });
  return new Promise((resolve) => child.once('close', (status) => resolve(status ?? 1)));
}
