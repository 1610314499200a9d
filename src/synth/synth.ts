/** The job: the output of one or more environments, planned and checked as a whole before any of it is written. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Application, Platform } from '../model/platform.ts';
import type { Problem } from '../model/problem.ts';
import { PlatformError } from '../model/problem.ts';
import { digestApplications } from './application-digest.ts';
import type { OutputFolder } from './output-folder.ts';
import { abandonOutput, commitOutput, outputFolder, recoverOutput, stageOutput } from './output-folder.ts';
import { lockFile } from './lock-file.ts';
import type { OutputState } from './output-state.ts';
import { readOutputState, writeOutputState } from './output-state.ts';
import type { OutputWriters } from './output-writer.ts';
import type { ApplicationOutput, CheckManifest } from './plan-output.ts';
import { planApplicationOutput, planEnvironmentOutput } from './plan-output.ts';
import type { Stamps } from './write-application.ts';

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
  readonly writers: OutputWriters;
  /**
   * A look at the output that was begun before the configuration was loaded, by environment. What changes in between is seen, since it then
   * differs from what was remembered.
   */
  readonly ahead?: ReadonlyMap<string, Promise<Stamps>> | undefined;
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
 * @param platforms one for each environment; all are planned, checked and staged before any is moved in
 * @throws OutputError when an output cannot be written; the previous output is whole
 */
export async function synth(platforms: readonly Platform[], options: SynthOptions): Promise<SynthOutcome> {
  const unlocks: (() => void)[] = [];
  try {
    for (const { environment } of platforms)
      unlocks.push(
        lockFile(
          path.join(options.dist, `.lockstep-${environment.name}.lock`),
          'another synth is writing this environment',
        ),
      );
    const staged: StagedEnvironment[] = [];
    for (const platform of platforms) staged.push(await stageEnvironment(platform, options));
    const problems = staged.flatMap((environment) => environment.problems);
    if (problems.length === 0)
      return { kind: 'written', results: staged.map((environment) => moveIn(environment, options)) };
    for (const { folder } of staged) abandonOutput(folder);
    return { kind: 'wrong', problems };
  } finally {
    for (const unlock of unlocks) unlock();
  }
}

type StagedEnvironment = {
  readonly platform: Platform;
  readonly folder: OutputFolder;
  readonly stateFile: string;
  readonly applications: readonly StagedApplication[];
  readonly state: OutputState['applications'];
  readonly appOfApps: boolean;
  readonly problems: readonly Problem[];
};

type StagedApplication = {
  readonly application: Application;
  /** Kept: the files that are there stay. */
  readonly state: 'written' | 'kept';
  readonly unchecked: readonly string[];
};

async function stageEnvironment(platform: Platform, options: SynthOptions): Promise<StagedEnvironment> {
  const { name } = platform.environment;
  const folder = outputFolder(options.dist, name);
  recoverOutput(folder);
  const stateFile = path.join(options.memory, `${name}.json`);
  const known = readOutputState(stateFile, options.program);
  try {
    const writer = options.writers.for(platform.applications.length);
    const stamping = options.ahead?.get(name) ?? writer.stamps(folder.output, Object.keys(known));
    const staging = stageOutput(folder);
    const digestOf = digestApplications(platform);
    const stamps = await stamping;
    const isKept = (application: Application): boolean => {
      const { name: of } = application;
      const before = known[of];
      if (options.only?.has(of) === false && existsSync(folder.output)) return true;
      return before !== undefined && before.digest === digestOf(application) && before.stamp === stamps.get(of);
    };

    const check = options.checkFor(platform.environment.externalSecrets.version);
    const problems: Problem[] = [];
    const stage = (application: string | undefined, output: ApplicationOutput): readonly string[] => {
      problems.push(...output.problems);
      writer.write(staging, { name: application, files: output.files });
      return output.unchecked;
    };
    const applications = platform.applications.map((application): StagedApplication =>
      isKept(application)
        ? { application, state: 'kept', unchecked: known[application.name]?.unchecked ?? [] }
        : {
            application,
            state: 'written',
            unchecked: stage(application.name, planApplicationOutput(application, platform, check)),
          },
    );
    const ofEnvironment = planEnvironmentOutput(platform, check);
    stage(undefined, ofEnvironment);

    // What was not needed until now is made while the last files are being written.
    const writing = writer.finish();
    for (const { application } of applications) digestOf(application);
    const written = await writing;
    const state = applications.flatMap(({ application, state: how, unchecked }) => {
      const { name: of } = application;
      const digest = how === 'kept' ? known[of]?.digest : digestOf(application);
      const stamp = how === 'kept' ? known[of]?.stamp : written.get(of);
      return digest === undefined || stamp === undefined ? [] : [[of, { digest, stamp, unchecked }] as const];
    });
    return {
      platform,
      folder,
      stateFile,
      applications,
      state: Object.fromEntries(state),
      appOfApps: ofEnvironment.files.length > 0,
      problems,
    };
  } catch (error) {
    // Whoever clears the folder away must be the only one in it.
    await options.writers.close();
    throw error instanceof PlatformError ? error : abandonOutput(folder, error);
  }
}

function moveIn(
  { platform, folder, stateFile, applications, state, appOfApps }: StagedEnvironment,
  { program }: SynthOptions,
): SynthResult {
  const kept = applications.filter((application) => application.state === 'kept');
  commitOutput(
    folder,
    kept.length === 0 ? undefined : new Set(kept.flatMap(({ application: { name } }) => [name, `${name}.yaml`])),
  );
  writeOutputState(stateFile, program, state);
  return {
    environment: platform.environment.name,
    output: folder.output,
    applications: applications.map(({ application: { name, namespace, store, targets }, state: how }) => ({
      name,
      namespace,
      store,
      externalSecrets: targets.length,
      state: how === 'kept' ? 'unchanged' : 'written',
    })),
    notes: platform.notes,
    unchecked: [...new Set(applications.flatMap(({ unchecked }) => unchecked))].toSorted(),
    appOfApps,
  };
}
