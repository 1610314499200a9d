/** The thread behind src/synth/output-writer.ts. After a failure it writes nothing more, and tells when it is asked to finish. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PackedRequests } from './packed-requests.ts';
import { unpackRequests } from './packed-requests.ts';
import type { Stamps } from './write-application.ts';
import { stampApplications, writeApplications } from './write-application.ts';

export type ThreadRequest =
  | { readonly kind: 'stamp'; readonly folder: string; readonly names: readonly string[] }
  | { readonly kind: 'write'; readonly folder: string; readonly requests: PackedRequests }
  | { readonly kind: 'finish' };

export type ThreadAnswer =
  { readonly kind: 'stamps'; readonly stamps: Stamps } | { readonly kind: 'failed'; readonly code: string };

/** Counts the batches that are written, for the other thread to read at any time. */
const { done } = workerData as { done: Int32Array };
const written = new Map<string, string>();
let failed: string | undefined;

parentPort?.on('message', (request: ThreadRequest) => {
  switch (request.kind) {
    case 'stamp':
      answer({ kind: 'stamps', stamps: stampApplications(request.folder, request.names) });
      break;
    case 'write':
      if (failed === undefined) write(request.folder, request.requests);
      Atomics.add(done, 0, 1);
      break;
    case 'finish':
      answer(failed === undefined ? { kind: 'stamps', stamps: written } : { kind: 'failed', code: failed });
      written.clear();
  }
});

function write(folder: string, requests: PackedRequests): void {
  try {
    writeApplications(folder, unpackRequests(requests), written);
  } catch (error) {
    failed = (error as { code?: string }).code ?? 'unknown';
  }
}

function answer(message: ThreadAnswer): void {
  parentPort?.postMessage(message);
}
