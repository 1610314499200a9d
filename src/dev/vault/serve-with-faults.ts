/** The core, with the faults that were asked for around it and a log entry for each request. */
import type { Core } from './core.ts';
import type { FaultEffect, FaultList } from './faults.ts';
import type { HttpRequest } from './http-request.ts';
import type { Answer } from './http-server.ts';
import { errorReply } from './reply.ts';
import type { Reply } from './reply.ts';
import type { RequestLog } from './request-log.ts';
import { parseTarget, readOperation } from './request-target.ts';

export function serveWithFaults(
  core: Core,
  faults: FaultList,
  log: RequestLog,
  now: () => number,
): (request: HttpRequest) => Answer | Promise<Answer> {
  return (request) => {
    const startMs = performance.now();
    const atMs = now();
    const target = parseTarget(request.target, request.method);
    const path = 'path' in target ? target.path : '';
    const asked = 'path' in target ? readOperation(request.method, target.query) : undefined;
    const operation = asked === 'bad-list' ? undefined : asked;
    const fault = faults.take(operation, path);
    const finish = (answer: Answer): Answer => {
      log.add({
        atMs,
        method: request.method,
        path,
        ...(operation !== undefined && { operation }),
        status: answer.cut === 'drop' ? 0 : answer.reply.status,
        durationMs: performance.now() - startMs,
        ...(fault !== undefined && { fault: fault.kind }),
      });
      return answer;
    };
    const result = handle(core, request, fault);
    if (!(result instanceof Promise) && fault?.kind !== 'latency') return finish(cutBy(fault, result));
    return settle(result, fault).then(finish);
  };
}

function handle(core: Core, request: HttpRequest, fault: FaultEffect | undefined): Reply | Promise<Reply> {
  if (fault?.kind === 'status')
    return { ...errorReply(fault.status, ...(fault.errors ?? [])), ...(fault.headers && { headers: fault.headers }) };
  if (fault?.kind === 'refuse') return errorReply(503);
  try {
    return core.handle(request);
  } catch {
    // Our bug. What went wrong may quote what was sent, so it is not told.
    return internalError;
  }
}

const internalError = errorReply(500, 'internal error');

async function settle(result: Reply | Promise<Reply>, fault: FaultEffect | undefined): Promise<Answer> {
  const reply = await Promise.resolve(result).catch(() => internalError);
  if (fault?.kind === 'latency') await new Promise((resolve) => setTimeout(resolve, fault.latencyMs));
  return cutBy(fault, reply);
}

function cutBy(fault: FaultEffect | undefined, reply: Reply): Answer {
  switch (fault?.kind) {
    case 'drop':
    case 'refuse':
      return { reply, cut: 'drop' };
    case 'half-response':
      return { reply, cut: 'half' };
    default:
      return { reply };
  }
}
