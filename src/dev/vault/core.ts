/** One request from its first check to its answer, in Vault's order (http/handler.go, vault/request_handling.go). */
import type { Backend, BackendRequest, Operation } from './backend.ts';
import { FieldError } from './fields.ts';
import type { Fields } from './fields.ts';
import type { HttpRequest } from '../http/http-request.ts';
import type { Mount, Mounts } from './mounts.ts';
import type { Policies } from './policies.ts';
import { denied, deniedByPolicy, errorReply, multiErrorReply, unsupportedOperation, unsupportedPath } from './reply.ts';
import type { Reply } from './reply.ts';
import { parseBody } from './request-body.ts';
import { parseTarget, readOperation } from './request-target.ts';
import type { Seal } from './seal.ts';
import type { Tokens } from './tokens.ts';
import { withFieldWarnings } from './field-warnings.ts';

export type CoreParts = {
  readonly mounts: Mounts;
  readonly tokens: Tokens;
  readonly policies: Policies;
  readonly seal: Seal;
  readonly now: () => number;
};

type Routed = { readonly mount: Mount; readonly rest: string };

export class Core {
  readonly #parts: CoreParts;

  constructor(parts: CoreParts) {
    this.#parts = parts;
  }

  handle(request: HttpRequest): Reply | Promise<Reply> {
    const { seal } = this.#parts;
    const target = parseTarget(request.target, request.method);
    if ('status' in target) return target;
    const { path, query } = target;
    const operation = readOperation(request.method, query);
    if (operation === 'bad-list') return errorReply(400);
    const unsealed = this.#answerUnsealed(path, request, query);
    if (unsealed !== undefined) return unsealed;
    if (seal.sealed) return errorReply(503, 'Vault is sealed');
    // HEAD and OPTIONS reach the engine in Vault, which has no such operation.
    if (operation === undefined) return request.method === 'OPTIONS' ? unsupportedOperation : errorReply(405);
    const fields = readFields(request, operation, query);
    if ('status' in fields) return fields;
    const isList = operation === 'list' && !path.endsWith('/');
    return this.#authorise(isList ? `${path}/` : path, operation, fields, request);
  }

  /** What needs no token and works while sealed; undefined where the path is none of that. */
  #answerUnsealed(path: string, { method, body, headers }: HttpRequest, query: Fields): Reply | undefined {
    if (!path.startsWith('sys/')) return undefined;
    const reads = method === 'GET' || method === 'HEAD';
    const parsed = reads ? { fields: query } : parseBody(body, headers.get('content-type') ?? '', method);
    try {
      return this.#parts.seal.answer(path, method, 'fields' in parsed ? parsed.fields : new Map());
    } catch (error) {
      if (error instanceof FieldError) return errorReply(400, error.message);
      throw error;
    }
  }

  #authorise(path: string, asked: Operation, fields: Fields, request: HttpRequest): Reply | Promise<Reply> {
    const { mounts, tokens, policies, now } = this.#parts;
    const nowMs = now();
    if (asked !== 'read' && asked !== 'list' && asked !== 'delete' && path.endsWith('/'))
      return errorReply(400, "cannot write to a path ending in '/'");
    // Answered without its wrapping, a secret would be where it must not be.
    if (request.headers.has('x-vault-wrap-ttl')) return errorReply(400, 'the embedded Vault does not wrap responses');
    const routed = mounts.find(path);
    const isOpen = routed?.mount.backend.isUnauthenticated?.(routed.rest) === true;
    const id = tokenOf(request);
    const token = id === '' ? undefined : tokens.use(id, nowMs);
    if (isOpen) return dispatch(routed, { operation: asked, fields, token, nowMs });
    if (id === '') return denied;
    if (token === undefined) return multiErrorReply(403, 'permission denied', 'invalid token');
    const operation = writeOperation(asked, routed);
    const acl = policies.aclOf(token);
    if (!acl.allows(path, operation, fields)) return deniedByPolicy;
    if (routed?.mount.backend.needsSudo?.(routed.rest, operation) === true && !acl.hasSudo(path)) return deniedByPolicy;
    if (routed === undefined)
      return errorReply(404, `no handler for route ${JSON.stringify(path)}. route entry not found.`);
    return dispatch(routed, { operation, fields, token, nowMs });
  }
}

/** `create` where the engine can tell that nothing is there yet, else `update`. */
function writeOperation(asked: Operation, routed: Routed | undefined): Operation {
  if (asked !== 'update' || routed === undefined) return asked;
  return routed.mount.backend.exists?.(routed.rest) === false ? 'create' : 'update';
}

function dispatch({ mount, rest }: Routed, request: BackendRequest): Reply | Promise<Reply> {
  const backend: Backend = mount.backend;
  const route = backend.route(rest);
  if (route === undefined) return unsupportedPath;
  const handle = route.operations[request.operation];
  if (handle === undefined) return unsupportedOperation;
  try {
    const answer = handle(request);
    return answer instanceof Promise ? answer : withFieldWarnings(answer, route, request.fields);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    // An existence check has converted the fields before, and its errors have no prefix.
    const checked =
      (request.operation === 'create' || request.operation === 'update') && backend.exists?.(rest) !== undefined;
    return errorReply(400, checked ? error.message : `Field validation failed: ${error.message}`);
  }
}

function tokenOf({ headers }: HttpRequest): string {
  const own = headers.get('x-vault-token');
  if (own !== undefined) return own;
  return /^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? '';
}

function readFields(request: HttpRequest, operation: Operation, query: Fields): Fields | Reply {
  if (operation === 'list') return new Map([...query].filter(([name]) => name !== 'list'));
  if (operation === 'read' || operation === 'delete') return query;
  const contentType = request.headers.get('content-type') ?? '';
  if (operation === 'patch') {
    const [mediaType = ''] = contentType.split(';');
    if (contentType === '') return errorReply(400, 'mime: no media type');
    if (mediaType.trim().toLowerCase() !== 'application/merge-patch+json')
      return errorReply(
        415,
        `PATCH requires Content-Type of application/merge-patch+json, provided ${mediaType.trim()}`,
      );
  }
  const parsed = parseBody(request.body, contentType, request.method);
  return 'fields' in parsed ? parsed.fields : errorReply(parsed.status, parsed.error);
}
