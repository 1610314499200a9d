/** A server's own answers, with the faults that were asked for around them and a log entry for each request. */
import type { FaultEffect, FaultList } from './faults.ts';
import type { HttpRequest } from './http/http-request.ts';
import type { HttpAnswer, HttpReply } from './http/http-server.ts';
import type { RequestLog } from './request-log.ts';
import { StateError } from './storage.ts';

/**
 * @property identify what is asked for, for faults and the log
 * @property shown how the log shows a path: without what does not belong there
 * @property handle may throw: that is our bug, and answered with 500
 * @property refuse an error in the server's own form; `errors` are its texts, as far as they were given
 */
export type FaultyServer<Operation extends string> = {
  readonly identify: (request: HttpRequest) => {
    readonly operation: Operation | undefined;
    readonly path: string;
  };
  readonly shown?: (path: string) => string;
  readonly handle: (request: HttpRequest) => HttpReply | Promise<HttpReply>;
  readonly refuse: (status: number, errors: readonly string[]) => HttpReply;
  readonly faults: FaultList<Operation>;
  readonly log: RequestLog<Operation>;
  readonly now: () => number;
};

export function serveWithFaults<Operation extends string>(
  server: FaultyServer<Operation>,
): (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer> {
  const { identify, shown = (path: string): string => path, faults, log, now } = server;
  return (request) => {
    const startMs = performance.now();
    const atMs = now();
    const { operation, path } = identify(request);
    const fault = faults.take(operation, path);
    const finish = (answer: HttpAnswer): HttpAnswer => {
      log.add({
        atMs,
        method: request.method,
        path: shown(path),
        ...(operation !== undefined && { operation }),
        status: answer.cut === 'drop' ? 0 : answer.reply.status,
        durationMs: performance.now() - startMs,
        ...(fault !== undefined && { fault: fault.kind }),
      });
      return answer;
    };
    const result = handle(server, request, fault);
    if (!(result instanceof Promise) && fault?.kind !== 'latency') return finish(cutBy(fault, result));
    return settle(server, result, fault).then(finish);
  };
}

function handle<Operation extends string>(
  { handle: answer, refuse }: FaultyServer<Operation>,
  request: HttpRequest,
  fault: FaultEffect | undefined,
): HttpReply | Promise<HttpReply> {
  if (fault?.kind === 'status') {
    const reply = refuse(fault.status, fault.errors ?? []);
    return { ...reply, headers: { ...reply.headers, ...fault.headers } };
  }
  if (fault?.kind === 'refuse') return refuse(503, []);
  try {
    return answer(request);
  } catch (error) {
    return refuse(500, [tellable(error)]);
  }
}

/** Our bug, unless the state could not be kept. What went wrong may quote what was sent, so it is not told. */
function tellable(error: unknown): string {
  return error instanceof StateError ? error.message : 'internal error';
}

async function settle<Operation extends string>(
  { refuse }: FaultyServer<Operation>,
  result: HttpReply | Promise<HttpReply>,
  fault: FaultEffect | undefined,
): Promise<HttpAnswer> {
  const reply = await Promise.resolve(result).catch((error: unknown) => refuse(500, [tellable(error)]));
  if (fault?.kind === 'latency') await new Promise((resolve) => setTimeout(resolve, fault.latencyMs));
  return cutBy(fault, reply);
}

function cutBy(fault: FaultEffect | undefined, reply: HttpReply): HttpAnswer {
  switch (fault?.kind) {
    case 'drop':
    case 'refuse':
      return { reply, cut: 'drop' };
    case 'half-response':
      return { reply, cut: 'half' };
    case 'garbled':
      return { reply: { ...reply, ...(reply.body !== undefined && { body: reply.body.trimEnd().slice(0, -1) }) } };
    default:
      return { reply };
  }
}
