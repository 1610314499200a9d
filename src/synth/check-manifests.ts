/** What synth would find wrong with an environment's manifests, without writing any. Pure. */
import type { Platform } from '../model/platform.ts';
import type { Problem } from '../model/problem.ts';
import type { CheckManifest } from './plan-output.ts';
import { planApplicationOutput, planEnvironmentOutput } from './plan-output.ts';

export type CheckedManifests = {
  readonly environment: string;
  readonly manifests: number;
  readonly problems: readonly Problem[];
  readonly unchecked: readonly string[];
};

export function checkManifests(
  platform: Platform,
  checkFor: (operatorVersion: string) => CheckManifest,
  only: ReadonlySet<string> | undefined,
): CheckedManifests {
  let manifests = 0;
  const check = checkFor(platform.environment.externalSecrets.version);
  const counting: CheckManifest = (manifest) => {
    manifests++;
    return check(manifest);
  };
  const outputs = [
    ...platform.applications
      .filter(({ name }) => only?.has(name) ?? true)
      .map((application) => planApplicationOutput(application, platform, counting)),
    planEnvironmentOutput(platform, counting),
  ];
  return {
    environment: platform.environment.name,
    manifests,
    problems: outputs.flatMap(({ problems }) => problems),
    unchecked: outputs.flatMap(({ unchecked }) => unchecked),
  };
}
