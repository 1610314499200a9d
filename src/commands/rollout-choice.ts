/** Which applications a roll-out is about, in the order in which they go. */
import type { Configuration } from '../model/configuration.ts';
import { UsageError } from '../model/problem.ts';
import type { Variables } from '../model/variables.ts';
import { readRecord } from './rollout-configuration.ts';
import type { RolloutOptions } from './rollout-options.ts';
import { unknownName } from './unknown-name.ts';

/** @throws UsageError where an option names what config/ does not have, or a variable would hide what it says */
export function chooseApplications(
  { applications, environments, secrets }: Configuration,
  environment: string,
  variables: Variables,
  { application, to, confirmed }: RolloutOptions,
  root: string,
): string[] {
  const known = Object.keys(environments);
  const unknown = [environment, ...confirmed].find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownName('environment', unknown, known);
  const all = applications.map(({ name }) => name);
  if (application !== undefined && !all.includes(application)) throw unknownName('application', application, all);
  const omitted: readonly string[] = environments[environment]?.omitSecrets ?? [];
  const owners = new Set(
    Object.entries(secrets).flatMap(([name, secret]) => (omitted.includes(name) ? [] : [secret.application])),
  );
  if (application !== undefined && !owners.has(application))
    throw new UsageError(
      `${application} has no secrets of its own`,
      `A secret is read from the store of the application that owns it. These own some: ${[...owners].join(', ')}.`,
    );
  const chosen = applications.filter(({ name }) =>
    application === undefined ? owners.has(name) : name === application,
  );
  if (
    variables.AI_PLATFORM_SECRET_STORE !== undefined &&
    chosen.some(({ chart }) => chart.type === 'AiPlatformEngineeringChart')
  )
    throw new UsageError(
      'AI_PLATFORM_SECRET_STORE is set, and would hide what config/ says of the AI platform',
      'unset AI_PLATFORM_SECRET_STORE',
    );
  const names = chosen.map(({ name }) => name);
  if (to !== 'back' || application !== undefined) return names;
  // The last one first: each finds the configuration as it left it.
  return names
    .flatMap((name) => {
      const record = readRecord(root, name);
      return record === undefined ? [] : [{ name, at: record.at }];
    })
    .toSorted((a, b) => (a.at < b.at ? 1 : -1))
    .map(({ name }) => name);
}
