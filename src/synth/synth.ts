/** The job: the output of one or more environments, planned and checked as a whole before any of it is written. */
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Application, Platform } from '../model/platform.ts';
import type { Problem } from '../model/problem.ts';
import type { OutputFolder } from './output-folder.ts';
import { applyOutput, outputFolder, recoverOutput } from './output-folder.ts';
import { lockOutput } from './output-lock.ts';
import type { OutputState } from './output-state.ts';
import { readOutputState, stampApplication, writeOutputState } from './output-state.ts';
import type { ApplicationOutput, CheckManifest, OutputFile } from './plan-output.ts';
import { planApplicationOutput, planEnvironmentOutput } from './plan-output.ts';

export type SynthOptions = {
  /** The folder that holds one folder for each environment. */
  readonly dist: string;
  /** A folder for what is remembered between runs; it may be deleted at any time. */
  readonly memory: string;
  /** digestProgram(): what was written by another program is written anew. */
  readonly program: string;
  /** @param operatorVersion the version of External Secrets Operator that the environment runs */
  readonly checkFor: (operatorVersion: string) => CheckManifest;
  /** Only these applications are written; the others stay as they are. Default: all. */
  readonly only?: ReadonlySet<string> | undefined;
};

export type SynthResult = {
  readonly environment: string;
  /** `dist/<environment>` */
  readonly output: string;
  readonly applications: readonly {
    readonly name: string;
    readonly namespace: string;
    readonly store: string;
    readonly externalSecrets: number;
    readonly state: 'written' | 'unchanged';
  }[];
  readonly notes: readonly string[];
  /** Kinds without a schema: they are written unchecked. */
  readonly unchecked: readonly string[];
  readonly appOfApps: boolean;
};

export type SynthOutcome =
  | { readonly kind: 'written'; readonly results: readonly SynthResult[] }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

/**
 * @param platforms one for each environment; all are planned and checked before any is written
 * @throws OutputError when an output cannot be written; the previous output is whole
 */
export function synth(platforms: readonly Platform[], options: SynthOptions): SynthOutcome {
  const unlocks: (() => void)[] = [];
  try {
    for (const { environment } of platforms) unlocks.push(lockOutput(options.dist, environment.name));
    const plans = platforms.map((platform) => planEnvironment(platform, options));
    const problems = plans.flatMap((plan) => plan.problems);
    if (problems.length > 0) return { kind: 'wrong', problems };
    return { kind: 'written', results: plans.map((plan) => applyEnvironment(plan, options)) };
  } finally {
    for (const unlock of unlocks) unlock();
  }
}

type EnvironmentPlan = {
  readonly platform: Platform;
  readonly folder: OutputFolder;
  readonly stateFile: string;
  readonly known: OutputState['applications'];
  readonly applications: readonly Plan[];
  readonly environmentFiles: readonly OutputFile[];
  readonly problems: readonly Problem[];
};

function planEnvironment(platform: Platform, options: SynthOptions): EnvironmentPlan {
  const { name, externalSecrets } = platform.environment;
  const environment = JSON.stringify(platform.environment);
  const folder = outputFolder(options.dist, name);
  recoverOutput(folder);
  const stateFile = path.join(options.memory, `${name}.json`);
  const known = readOutputState(stateFile, options.program);
  const check = options.checkFor(externalSecrets.version);
  const applications = platform.applications.map((application) =>
    planApplication(
      application,
      digestApplication(application, environment),
      platform,
      known,
      folder.output,
      check,
      options.only,
    ),
  );
  const { files: environmentFiles, problems } = planEnvironmentOutput(platform, check);
  return {
    platform,
    folder,
    stateFile,
    known,
    applications,
    environmentFiles,
    problems: [...applications.flatMap(({ output }) => output?.problems ?? []), ...problems],
  };
}

function applyEnvironment(plan: EnvironmentPlan, { program }: SynthOptions): SynthResult {
  const { platform, folder, stateFile, known, applications, environmentFiles } = plan;
  const kept = applications.filter(({ output }) => output === undefined);
  const files = [...applications.flatMap(({ output }) => output?.files ?? []), ...environmentFiles];
  applyOutput(
    folder,
    kept.length === 0
      ? { kind: 'whole', files }
      : { kind: 'entries', files, kept: new Set(kept.flatMap(({ application: { name } }) => [name, `${name}.yaml`])) },
  );
  remember(stateFile, program, known, folder.output, applications);
  return summarise(platform, folder.output, applications, environmentFiles.length > 0);
}

type Plan = {
  readonly application: Application;
  readonly digest: string | undefined;
  /** Undefined: the files that are there stay. */
  readonly output: ApplicationOutput | undefined;
  readonly unchecked: readonly string[];
};

function planApplication(
  application: Application,
  digest: string | undefined,
  platform: Platform,
  known: OutputState['applications'],
  output: string,
  check: CheckManifest,
  only: ReadonlySet<string> | undefined,
): Plan {
  const before = known[application.name];
  if (only !== undefined && !only.has(application.name) && existsSync(output))
    return { application, digest: before?.digest, output: undefined, unchecked: before?.unchecked ?? [] };
  if (before !== undefined && before.digest === digest && before.stamp === stampApplication(output, application.name))
    return { application, digest, output: undefined, unchecked: before.unchecked };
  const planned = planApplicationOutput(application, platform, check);
  return { application, digest, output: planned, unchecked: planned.unchecked };
}

/** Undefined for a chart class of the user's own: what it reads besides its props is not known, so it always runs. */
function digestApplication(application: Application, environment: string): string | undefined {
  if (typeof application.chartType === 'function') return undefined;
  // Without what a secret has besides: its other targets do not concern this application.
  const targets = application.targets.map(({ target, secret: { name, store, vaultPath, keyVaultName, content } }) => [
    target,
    name,
    store,
    vaultPath,
    keyVaultName,
    content,
  ]);
  return hash('sha1', environment + JSON.stringify({ ...application, targets }));
}

function remember(
  file: string,
  program: string,
  known: OutputState['applications'],
  output: string,
  plans: readonly Plan[],
): void {
  const applications = plans.flatMap(({ application: { name }, digest, output: planned, unchecked }) => {
    const stamp = planned === undefined ? known[name]?.stamp : stampApplication(output, name);
    return digest === undefined || stamp === undefined ? [] : [[name, { digest, stamp, unchecked }] as const];
  });
  writeOutputState(file, program, Object.fromEntries(applications));
}

function summarise(platform: Platform, output: string, plans: readonly Plan[], appOfApps: boolean): SynthResult {
  return {
    environment: platform.environment.name,
    output,
    applications: plans.map(({ application, output: planned }) => ({
      name: application.name,
      namespace: application.namespace,
      store: application.store,
      externalSecrets: application.targets.length,
      state: planned === undefined ? 'unchanged' : 'written',
    })),
    notes: platform.notes,
    unchecked: [...new Set(plans.flatMap(({ unchecked }) => unchecked))].toSorted(),
    appOfApps,
  };
}
