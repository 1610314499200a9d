/** Of what an application's output is made from: the same digest means the same output. */
import { hash } from 'node:crypto';
import type { Application, Platform } from '../model/platform.ts';

/** By the environment's part. An application that did not change is the same object in the next run of a process that stays. */
const known = new WeakMap<Application, { readonly common: string; readonly digest: string }>();

/**
 * Made once for each application, when it is asked for. Undefined for a chart class of the user's own: what else it reads is not known, so
 * it always runs.
 */
export function digestApplications({ environment }: Platform): (application: Application) => string | undefined {
  const common = JSON.stringify(environment);
  return (application) => {
    if (typeof application.chartType === 'function') return undefined;
    const before = known.get(application);
    if (before?.common === common) return before.digest;
    const digest = digestApplication(application, common);
    known.set(application, { common, digest });
    return digest;
  };
}

function digestApplication(application: Application, common: string): string {
  // Without what a secret has besides: its other targets do not concern this application.
  const targets = application.targets.map(({ target, secret: { name, store, vaultPath, keyVaultName, content } }) => [
    target,
    name,
    store,
    vaultPath,
    keyVaultName,
    content,
  ]);
  return hash('sha1', common + JSON.stringify({ ...application, targets }));
}
