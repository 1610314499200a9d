/** The live line of what reads or writes many secrets. */
import { renderProgress } from '../report/progress.ts';
import type { CommandContext } from './command.ts';

/** @param retries how often a store was asked again until now */
export function showProgress(
  { progress }: Pick<CommandContext, 'progress'>,
  what: string,
  retries: () => number = () => 0,
): (done: number, of: number) => void {
  const beganMs = performance.now();
  return (done, of) => {
    const line = (): string =>
      renderProgress({ what, done, of, elapsedMs: performance.now() - beganMs, retries: retries() });
    progress(done < of ? line : undefined);
  };
}
