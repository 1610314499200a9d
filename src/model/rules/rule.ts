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

/** One of `…RulesOfOne` finds in a secret what it finds whichever other secrets there are. */
export type Rule = (view: View, report: Report) => void;

export function viewOf(configuration: Configuration, names: Names): View {
  const secrets = Object.entries(configuration.secrets);
  return {
    applications: configuration.applications,
    environments: Object.entries(configuration.environments),
    secrets,
    targets: targetsOf(secrets),
    names,
  };
}

/** The same with some of the secrets only; the names of all. */
export function viewOfSecrets(view: View, secrets: View['secrets']): View {
  return { ...view, secrets, targets: targetsOf(secrets) };
}

function targetsOf(secrets: View['secrets']): TargetView[] {
  const views: TargetView[] = [];
  for (const [secret, definition] of secrets)
    (definition.targets as readonly TargetDefinition[]).forEach((target, index) => {
      views.push({ target, at: [secret, 'targets', index], definition });
    });
  return views;
}
