/** Runs of synth that share what they can: one for the command, as many as there are changes for --watch. */
import path from 'node:path';
import type { Platform } from '../model/platform.ts';
import type { Problem } from '../model/problem.ts';
import type { SynthItem } from '../report/synth-report.ts';
import { outputFolder } from '../synth/output-folder.ts';
import { digestProgram, readOutputState } from '../synth/output-state.ts';
import type { CheckManifest } from '../synth/plan-output.ts';
import { deservesThread, OutputWriters } from '../synth/output-writer.ts';
import type { SynthOptions, SynthOutcome } from '../synth/synth.ts';
import { synth } from '../synth/synth.ts';
import type { CommandContext } from './command.ts';
import { manifestChecks } from './manifest-checks.ts';
import type { PlatformMemory } from './platform-options.ts';
import { environmentName, loadPlatforms } from './platform-options.ts';

export type SynthRun =
  | { readonly kind: 'wrong'; readonly environments: readonly string[]; readonly problems: readonly Problem[] }
  | { readonly kind: 'written'; readonly environments: readonly string[]; readonly items: readonly SynthItem[] };

type CheckFor = (operatorVersion: string) => CheckManifest;

export class SynthSession {
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #context: CommandContext;
  readonly #memory: PlatformMemory | undefined;
  readonly #folders: Folders;
  readonly #writers = new OutputWriters();
  #environments: readonly string[];
  #ahead: SynthOptions['ahead'];
  readonly #checks = new Map<string, CheckFor>();
  readonly #noted = new Set<string>();

  /** @param memory for a process that stays */
  constructor(options: Readonly<Record<string, unknown>>, context: CommandContext, memory?: PlatformMemory) {
    this.#options = options;
    this.#context = context;
    this.#memory = memory;
    this.#folders = foldersOf(context);
    // With --all their names are known only once the configuration is loaded.
    this.#environments = options['all'] === true ? [] : [environmentName(options)];
  }

  /** @throws UsageError, OutputError */
  async run(): Promise<SynthRun> {
    const ahead = this.#ahead ?? this.#lookAhead();
    this.#ahead = undefined;
    const { environments, platforms, only, problems } = await loadPlatforms(this.#options, this.#context, this.#memory);
    if (problems.length > 0) return { kind: 'wrong', environments, problems };
    this.#environments = environments;
    const outcome = await synthesise(platforms, this.#context, {
      ...this.#folders,
      checkFor: await this.#checkFor(platforms),
      writers: this.#writers,
      only,
      ahead,
    });
    if (outcome.kind === 'wrong') return { kind: 'wrong', environments, problems: outcome.problems };
    const items = outcome.results.map((result, index): SynthItem => ({
      ...result,
      gitOps: platforms[index]?.environment.gitOps.kind ?? 'git',
    }));
    items.forEach((item) => {
      this.#noteOnce(item);
    });
    return { kind: 'written', environments, items };
  }

  /** A run is about to come, and none is under way: begins with what it needs, whatever changed. */
  prepare(): void {
    this.#ahead = this.#lookAhead();
  }

  close(): Promise<void> {
    return this.#writers.close();
  }

  /**
   * Begins to look at what the last run wrote, on a thread of its own, while the configuration is being loaded. Not where there is too little
   * to look at.
   */
  #lookAhead(): NonNullable<SynthOptions['ahead']> {
    const { dist, memory, program } = this.#folders;
    return new Map(
      this.#environments.flatMap((environment) => {
        const names = Object.keys(readOutputState(path.join(memory, `${environment}.json`), program));
        if (!deservesThread(names.length)) return [];
        const { output } = outputFolder(dist, environment);
        return [[environment, this.#writers.for(names.length).stamps(output, names)] as const];
      }),
    );
  }

  async #checkFor(platforms: readonly Platform[]): Promise<CheckFor> {
    const versions = platforms.map(({ environment }) => environment.externalSecrets.version).join();
    const known = this.#checks.get(versions);
    if (known !== undefined) return known;
    const checkFor = await manifestChecks(platforms, this.#context.program, this.#context.note);
    this.#checks.set(versions, checkFor);
    return checkFor;
  }

  #noteOnce({ notes, unchecked }: SynthItem): void {
    const lines = [
      ...notes,
      ...(unchecked.length === 0
        ? []
        : [
            `Not checked, for want of a schema: ${unchecked.join(', ')}. Try npm run check -- --crds <folder or cluster>.`,
          ]),
    ];
    for (const line of lines) if (!this.#noted.has(line)) this.#context.note(line);
    for (const line of lines) this.#noted.add(line);
  }
}

type Folders = Pick<SynthOptions, 'dist' | 'memory' | 'program'>;

/** What decides, besides the configuration, what the output looks like. */
const decisive = ['src/configuration', 'src/manifests', 'src/model', 'src/schemas', 'src/synth', 'schemas'];

function foldersOf({ root, program }: CommandContext): Folders {
  return {
    dist: path.join(root, 'dist'),
    memory: path.join(root, '.lockstep', 'synth'),
    program: digestProgram(decisive.map((folder) => path.join(program, folder))),
  };
}

/** The output of one platform, for a command that has loaded it. */
export async function synthesiseOne(platform: Platform, context: CommandContext): Promise<SynthOutcome> {
  const writers = new OutputWriters();
  try {
    const checkFor = await manifestChecks([platform], context.program, context.note);
    return await synthesise([platform], context, { ...foldersOf(context), checkFor, writers });
  } finally {
    await writers.close();
  }
}

/** Writes below `dist/`; the result's paths are relative to the repository. */
async function synthesise(
  platforms: readonly Platform[],
  { root }: CommandContext,
  options: SynthOptions,
): Promise<SynthOutcome> {
  const outcome = await synth(platforms, options);
  return outcome.kind === 'wrong'
    ? outcome
    : {
        kind: 'written',
        results: outcome.results.map((result) => ({ ...result, output: path.relative(root, result.output) })),
      };
}
