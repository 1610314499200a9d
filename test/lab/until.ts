import { setTimeout as wait } from 'node:timers/promises';

/** Asks until there is an answer. An error counts as none yet; the last one is told in the end. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  deadlineMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  let last = '';
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    await wait(200);
  }
  throw new Error(`${what}: not within ${deadlineMs / 1000} s${last}`);
}

/** Waits until a count, of what somebody else does, stays the same for a second: what was under way is done. */
export async function untilRests(what: string, count: () => number): Promise<void> {
  let [last, since] = [-1, 0];
  await until(`${what} rests`, () => {
    const now = count();
    if (now !== last) [last, since] = [now, performance.now()];
    return Promise.resolve(performance.now() - since > 1000);
  });
}
