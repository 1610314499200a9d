/** A rule of the configuration: a small named check that reports whatever breaks it. Pure; it sees the whole configuration. */
import type { Configuration, EnvironmentDefinition, SecretDefinition, TargetDefinition } from '../configuration.ts';
import type { configurationFiles } from '../configuration-shape.ts';
import type { ProblemCode } from '../problem.ts';

export type ConfigurationFile = keyof typeof configurationFiles;

/** @param keys the way to the place below the file's export: `['github', 'targets', 0]` */
export type Report = (
  code: ProblemCode,
  file: ConfigurationFile,
  keys: readonly (string | number)[],
  message: string,
  hint: string,
) => void;

/** What the rules look at: the sound part of the configuration, listed once for all of them. */
export type View = {
  readonly applications: Configuration['applications'];
  readonly environments: readonly (readonly [string, EnvironmentDefinition])[];
  readonly secrets: readonly (readonly [string, SecretDefinition])[];
  readonly targets: readonly TargetView[];
  /** Everything that config/ names, unsound parts included, so that one problem does not look like several. */
  readonly names: Names;
};

/** @property at the way to it, for a report */
export type TargetView = {
  readonly target: TargetDefinition;
  readonly at: readonly [secret: string, property: 'targets', index: number];
  readonly definition: SecretDefinition;
};

export type Names = { readonly applications: ReadonlySet<string>; readonly secrets: ReadonlySet<string> };

export type Rule = (view: View, report: Report) => void;

export function viewOf(configuration: Configuration, names: Names): View {
  const secrets = Object.entries(configuration.secrets);
  return {
    applications: configuration.applications,
    environments: Object.entries(configuration.environments),
    secrets,
    targets: secrets.flatMap(([secret, definition]) =>
      (definition.targets as readonly TargetDefinition[]).map((target, index) => ({
        target,
        at: [secret, 'targets', index] as const,
        definition,
      })),
    ),
    names,
  };
}
