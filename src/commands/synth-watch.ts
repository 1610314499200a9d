/** `synth --watch`: a process that stays, and writes what changes whenever config/ changes (docs/decisions/010). */
import { setTimeout as delay } from 'node:timers/promises';
import { ResidentModules } from '../configuration/resident-modules.ts';
import { watchConfiguration } from '../configuration/watch-configuration.ts';
import { PlatformError, UsageError } from '../model/problem.ts';
import { renderProblems } from '../report/problem-report.ts';
import { renderChange, renderSynth } from '../report/synth-report.ts';
import { OutputInUseError } from '../synth/lock-file.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { createPlatformMemory } from './platform-options.ts';
import type { SynthRun } from './synth-session.ts';
import { SynthSession } from './synth-session.ts';
import { untilStopped } from './until-stopped.ts';

/** How often it is tried again while a run of somebody else writes. */
const IN_USE_RETRY_MS = 50;
/** Another run takes a moment. What lasts longer, such as what a machine that is gone has left, is for somebody to see. */
const IN_USE_TOLD_MS = 2000;

/** Ends with Ctrl-C or SIGTERM, after the write in hand. */
export async function watchSynth(
  options: Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<CommandResult> {
  const modules = new ResidentModules(context.root);
  const session = new SynthSession(options, context, createPlatformMemory());
  // Before the first run: a change during it is the next.
  let isRunning = true;
  const watch = watchConfiguration(context.root, () => {
    if (!isRunning) session.prepare();
  });
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort();
    watch.close();
  };
  void untilStopped().then(stop);

  let last: SynthRun | undefined;
  /** Undefined where it did not come to a result; why was told. */
  const run = async (isFirst: boolean): Promise<SynthRun | undefined> => {
    const beganMs = performance.now();
    let isTold = false;
    while (!stopping.signal.aborted) {
      try {
        return await session.run();
      } catch (error) {
        if (error instanceof OutputInUseError) {
          if (!isTold && performance.now() - beganMs > IN_USE_TOLD_MS) {
            context.note(`${error.message}\n  ${error.hint}`);
            isTold = true;
          }
          await delay(IN_USE_RETRY_MS);
        }
        // An option that config/ has no such thing for; later somebody may be about to rename it.
        else if (error instanceof PlatformError && !(isFirst && error instanceof UsageError)) {
          context.note(`${error.message}\n  ${error.hint}`);
          return undefined;
        } else throw error;
      }
    }
    return undefined;
  };

  try {
    modules.refresh(false);
    last = await run(true);
    let written = last?.kind === 'written' ? last : undefined;
    if (written !== undefined) context.print(`${renderSynth(written.items)}\n`);
    if (last?.kind === 'wrong') context.print(wrong(last));
    if (!stopping.signal.aborted) context.print('Watching config/. Ctrl-C ends this.\n');
    const next = (): Promise<number | undefined> => {
      isRunning = false;
      return watch.next();
    };
    for (let since = await next(); since !== undefined; since = await next()) {
      isRunning = true;
      const hasChanged = modules.refresh(last?.kind === 'wrong' && last.problems.some(({ code }) => code === 'C024'));
      // Somebody saved what was there already, or an editor wrote a file of its own.
      if (!hasChanged && last?.kind === 'written') continue;
      last = await run(false);
      if (last?.kind === 'wrong') context.print(wrong(last));
      if (last?.kind === 'written') {
        context.print(renderChange(written?.items ?? [], last.items, performance.now() - since));
        written = last;
      }
    }
  } finally {
    stop();
    await session.close();
  }
  return { outcome: 'clean', environments: [], items: [], problems: [], render: () => '' };
}

function wrong({ problems }: SynthRun & { readonly kind: 'wrong' }): string {
  return `${renderProblems(problems)}\n\nNothing was written. Mend this; config/ is still watched.\n`;
}
