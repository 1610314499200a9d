/** What stands between a command and the person: notes, questions and a live line on stderr. */
import type { CommandContext } from './command.ts';

type Terminal = Pick<CommandContext, 'note' | 'ask' | 'askHidden' | 'progress'>;

/** Nothing that takes longer is silent (on a terminal), and a log does not fill up with lines (elsewhere). */
const LIVE_AFTER_MS = 500;
const REDRAW_MS = 100;
const LOG_EVERY_MS = 10_000;

export function createTerminal(environment: Readonly<Record<string, string | undefined>>): Terminal {
  const { stdin, stderr } = process;
  const isPerson = stdin.isTTY && stderr.isTTY;
  // A screen reader would read every redrawing anew.
  const redraws = stderr.isTTY && environment['TERM'] !== 'dumb' && (environment['ACCESSIBLE'] ?? '') === '';
  let drawn = false;
  const clear = (): void => {
    if (drawn) stderr.write('\r\x1b[2K');
    drawn = false;
  };
  let beganMs: number | undefined;
  let shownMs = 0;

  return {
    note(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    progress(line) {
      if (line === undefined) {
        clear();
        beganMs = undefined;
        return;
      }
      const nowMs = performance.now();
      beganMs ??= shownMs = nowMs;
      if (redraws) {
        if (nowMs - beganMs < LIVE_AFTER_MS || (drawn && nowMs - shownMs < REDRAW_MS)) return;
        clear();
        // One that is wrapped could not be taken back.
        stderr.write(line().slice(0, Math.max(20, stderr.columns - 1)));
        drawn = true;
      } else {
        if (nowMs - shownMs < LOG_EVERY_MS) return;
        stderr.write(`${line()}\n`);
      }
      shownMs = nowMs;
    },
    ask: isPerson
      ? (question) => {
          clear();
          return askOnTerminal(question);
        }
      : undefined,
    askHidden: isPerson
      ? async (question) => {
          clear();
          const { askHidden } = await import('./ask-hidden.ts');
          return askHidden(question, { stdin, stderr, isDumb: environment['TERM'] === 'dumb' });
        }
      : undefined,
  };
}

/** An end of the input (Ctrl-D) is an empty answer. @throws {StoppedError} at Ctrl-C */
async function askOnTerminal(question: string): Promise<string> {
  const { createInterface } = await import('node:readline');
  const { StoppedError } = await import('./ask-hidden.ts');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve, reject) => {
      lines.once('close', () => resolve(''));
      lines.once('SIGINT', () => reject(new StoppedError()));
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}
