/**
 * Writes files while others are still being planned: on a thread of its own where there are many, at once where there are few and a thread
 * would take longer to start than they take to write.
 */
import { getCompileCacheDir } from 'node:module';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ThreadAnswer, ThreadRequest } from './output-writer-thread.ts';
import { packRequests } from './packed-requests.ts';
import type { Stamps, WriteRequest } from './write-application.ts';
import { stampApplications, writeApplications } from './write-application.ts';

export type OutputWriter = {
  /** What the files of these applications look like now (src/synth/output-state.ts). */
  readonly stamps: (folder: string, names: readonly string[]) => Promise<Stamps>;
  readonly write: (folder: string, request: WriteRequest) => void;
  /** Ends when all is written, and gives the stamps of what was since the last time. @throws what the file system answered first */
  readonly finish: () => Promise<Stamps>;
};

const WORTH_A_THREAD = 200;
/** Whether there are so many that a thread pays. */
export function deservesThread(applications: number): boolean {
  return applications >= WORTH_A_THREAD;
}

/** Applications for each message: one message for each would cost more than the thread saves. */
const BATCH = 16;
/** How many batches may wait for the thread; beyond them this thread writes too, so that both end at the same time. */
const MAX_WAITING = 4;

/** Of one process: all its runs share one thread, which is started when it first pays. */
export class OutputWriters {
  #thread: ReturnType<typeof createThreadWriter> | undefined;

  for(applications: number): OutputWriter {
    return deservesThread(applications) ? (this.#thread ??= createThreadWriter()) : createDirectWriter();
  }

  /** Ends when nothing is written any more, whatever was asked for. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.close();
  }
}

function createDirectWriter(): OutputWriter {
  let written = new Map<string, string>();
  let failure: { readonly error: unknown } | undefined;
  return {
    stamps: (folder, names) => Promise.resolve(stampApplications(folder, names)),
    write: (folder, request) => {
      if (failure !== undefined) return;
      try {
        writeApplications(folder, [request], written);
      } catch (error) {
        failure = { error };
      }
    },
    finish: () => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- it is what the file system threw
      if (failure !== undefined) return Promise.reject(failure.error);
      const all = written;
      written = new Map();
      return Promise.resolve(all);
    },
  };
}

function createThreadWriter(): OutputWriter & { readonly close: () => Promise<void> } {
  // Batches that the thread has done: read while this thread is busy and takes no messages.
  const done = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let sent = 0;
  const own = createDirectWriter();
  const worker = new Worker(new URL('./output-writer-thread.js', import.meta.url), {
    workerData: { done, compileCache: path.dirname(getCompileCacheDir() ?? '') },
  });
  // It keeps the process alive only while something is asked of it.
  worker.unref();
  let closing = false;
  const waiting: { resolve: (stamps: Stamps) => void; reject: (error: unknown) => void }[] = [];
  worker.on('message', (answer: ThreadAnswer) => {
    const first = waiting.shift();
    if (waiting.length === 0 && !closing) worker.unref();
    if (answer.kind === 'stamps') first?.resolve(answer.stamps);
    // An error loses its code on the way between threads.
    else first?.reject(Object.assign(new Error('a file could not be written'), { code: answer.code }));
  });
  worker.on('error', (error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  const ask = (request: ThreadRequest): Promise<Stamps> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      worker.ref();
      worker.postMessage(request);
    });

  let batch: { readonly folder: string; readonly requests: WriteRequest[] } | undefined;
  const flush = (): void => {
    if (batch === undefined) return;
    const { folder, requests } = batch;
    batch = undefined;
    if (sent - Atomics.load(done, 0) > MAX_WAITING) {
      for (const request of requests) own.write(folder, request);
      return;
    }
    sent++;
    worker.postMessage({ kind: 'write', folder, requests: packRequests(requests) } satisfies ThreadRequest);
  };
  return {
    // A first run has nothing to look at, and need not wait for the thread to start.
    stamps: (folder, names) =>
      names.length === 0 ? Promise.resolve(new Map()) : ask({ kind: 'stamp', folder, names }),
    write: (folder, request) => {
      batch ??= { folder, requests: [] };
      batch.requests.push(request);
      if (batch.requests.length >= BATCH) flush();
    },
    finish: async () => {
      flush();
      // Both are waited for, also when one has failed: whoever clears the folder away must be the only one in it.
      const [ofThread, ofOwn] = await Promise.allSettled([ask({ kind: 'finish' }), own.finish()]);
      if (ofThread.status === 'rejected') throw ofThread.reason;
      if (ofOwn.status === 'rejected') throw ofOwn.reason;
      return new Map([...ofThread.value, ...ofOwn.value]);
    },
    close: async () => {
      // From here on the process waits for the thread's end, whatever answers still come.
      closing = true;
      await worker.terminate();
    },
  };
}
