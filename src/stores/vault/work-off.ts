/** Work that finds more work (folders in folders), a few at a time. */

/** @property found given on at once. @property more to be worked on */
export type Worked<Item, Found> = { readonly found: readonly Found[]; readonly more: readonly Item[] };

/**
 * Gives what is found as soon as it is found; no more than `limit` items are worked on at once, nor ahead of a caller that is slow to take them.
 * When one fails, or the caller has enough, the others are given up: the signal that `work` gets aborts.
 *
 * @param signal the caller's; its reason is thrown
 */
export async function* workOff<Item, Found>(
  start: readonly Item[],
  limit: number,
  signal: AbortSignal | undefined,
  work: (item: Item, signal: AbortSignal) => Promise<Worked<Item, Found>>,
): AsyncGenerator<Found> {
  const stop = new AbortController();
  const combined = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const waiting = [...start];
  const running = new Set<Promise<Worked<Item, Found>>>();
  const finished = new Set<Promise<Worked<Item, Found>>>();
  try {
    for (;;) {
      signal?.throwIfAborted();
      while (running.size < limit) {
        // The latest first: depth before breadth keeps the list of what waits short.
        const item = waiting.pop();
        if (item === undefined) break;
        const task = work(item, combined).finally(() => finished.add(task));
        // It may fail while the caller is busy with an earlier one; it is heard below.
        task.catch(() => undefined);
        running.add(task);
      }
      if (running.size === 0) return;
      await Promise.race(running);
      for (const task of finished) {
        running.delete(task);
        finished.delete(task);
        const { found, more } = await task;
        // Not all at once: a call takes no hundred thousand arguments.
        for (const item of more) waiting.push(item);
        for (const one of found) {
          yield one;
          signal?.throwIfAborted();
        }
      }
    }
  } finally {
    stop.abort();
    // What was given up still rejects: nobody is left to hear it.
    await Promise.allSettled(running);
  }
}
