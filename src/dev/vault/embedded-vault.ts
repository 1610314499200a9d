/**
 * A Vault for development and tests, in this process: KV v2, policies that are enforced, tokens, Kubernetes and AppRole logins, over HTTP.
 * It answers as Vault 1.21.4 does; what differs is listed in test/dev/vault-differential.test.ts. Not for production: there is no TLS, it
 * is never sealed at its start, and what it keeps is in memory unless it is given another storage.
 */
import type { KubernetesVerifier } from './kubernetes-verifier.ts';
import { createAppRoleBackend } from './approle-backend.ts';
import type { Backend } from './backend.ts';
import { Core } from './core.ts';
import type { CoreParts } from './core.ts';
import { FaultList } from '../faults.ts';
import type { Faults } from '../faults.ts';
import { createHttpServer } from '../http/http-server.ts';
import type { HttpReply } from '../http/http-server.ts';
import { hostInAddress, isLoopback } from '../loopback.ts';
import { createKubernetesBackend } from './kubernetes-backend.ts';
import { createKvBackend } from './kv-backend.ts';
import { createLogin } from './login.ts';
import { Mounts, storagePrefix } from './mounts.ts';
import type { MountEntry } from './mounts.ts';
import { Policies } from './policies.ts';
import { RequestLog } from '../request-log.ts';
import type { LoggedRequest } from '../request-log.ts';
import { Seal } from './seal.ts';
import { serveWithFaults } from '../serve-with-faults.ts';
import { identifyRequest, showPath } from './identify-request.ts';
import type { RequestedOperation } from './request-target.ts';
import { errorReply, render } from './reply.ts';
import { createMemoryStorage } from '../storage.ts';
import type { Storage } from '../storage.ts';
import { createSysBackend } from './sys-backend.ts';
import { createTokenBackend } from './token-backend.ts';
import { normalisePolicies, Tokens } from './tokens.ts';

/** @property id the token; @property ttlS default: 32 days */
export type EmbeddedToken = {
  readonly id: string;
  readonly policies: readonly string[];
  readonly ttlS?: number;
  readonly periodS?: number;
};

/**
 * @property port 0: any that is free
 * @property host other than loopback only with `force`: whoever reaches the server has its root token's secrets in the clear
 * @property mounts of KV v2; default `['secret']` where the storage is new
 * @property policies name → text, HCL or JSON
 * @property tokens beside the root token
 * @property kubernetes mounts auth/kubernetes, with this in the place of the cluster that auth/kubernetes/config would name
 * @property rootToken default: the one that the storage holds, or a new one. There is one at a time: where another is given, the former goes,
 *   with those that it made
 * @property storage default: in memory. It stays open when the Vault closes; several Vaults in one need a `below` each
 * @property onRequest told of each request once it is answered
 * @property now milliseconds since 1970, for tests of what expires
 */
export type EmbeddedVaultOptions = {
  readonly port?: number;
  readonly host?: string;
  readonly force?: boolean;
  readonly rootToken?: string;
  readonly mounts?: readonly string[];
  readonly policies?: Readonly<Record<string, string>>;
  readonly tokens?: readonly EmbeddedToken[];
  readonly kubernetes?: KubernetesVerifier;
  readonly storage?: Storage;
  readonly onRequest?: (request: LoggedRequest<RequestedOperation>) => void;
  readonly now?: () => number;
  readonly random?: () => number;
};

export type EmbeddedVault = {
  readonly url: string;
  readonly rootToken: string;
  /** For sys/unseal, after `seal()`. */
  readonly unsealKey: string;
  /** Oldest first; without values. */
  readonly requests: readonly LoggedRequest<RequestedOperation>[];
  readonly faults: Faults<RequestedOperation>;
  /** From now on 503, until sys/unseal is called with the key. */
  seal(): void;
  close(): Promise<void>;
};

const rootTokenKey = 'core/root-token';

/** @throws Error where the host, a mount, a policy or a token cannot be, or the port is taken */
export async function createEmbeddedVault(options: EmbeddedVaultOptions = {}): Promise<EmbeddedVault> {
  const { port = 0, host = '127.0.0.1', force = false, now = Date.now, random = Math.random } = options;
  if (!isLoopback(host) && !force)
    throw new Error(
      `the embedded Vault listens on loopback only, not on ${host}: it has no TLS and guards nothing (force to do it all the same)`,
    );

  const storage = options.storage ?? createMemoryStorage();
  // One transaction: killed in the middle of its first start, it has kept nothing.
  const { rootToken, seal, ...parts } = storage.transaction(() => build(options, storage, now));

  const log = new RequestLog<RequestedOperation>(options.onRequest);
  const faults = new FaultList<RequestedOperation>(random);
  const core = new Core({ ...parts, seal, now });
  const handle = serveWithFaults({
    identify: identifyRequest,
    shown: showPath,
    handle: (request) => {
      const reply = storage.transaction(() => core.handle(request));
      return reply instanceof Promise ? reply.then(render) : render(reply);
    },
    refuse: (status, errors) => render(errorReply(status, ...errors)),
    faults,
    log,
    now,
  });
  const refuse = (status: number, message: string): HttpReply => render(errorReply(status, message));
  const server = await createHttpServer({ host, port, handle, refuse });
  return {
    url: `http://${hostInAddress(host)}:${server.port}`,
    rootToken,
    unsealKey: seal.unsealKey,
    requests: log.entries,
    faults,
    seal: () => {
      seal.sealed = true;
    },
    close: () => server.close(),
  };
}

type Parts = Pick<CoreParts, 'mounts' | 'policies' | 'seal' | 'tokens'>;

function build(options: EmbeddedVaultOptions, storage: Storage, now: () => number): Parts & { rootToken: string } {
  const [tokens, policies, seal] = [new Tokens(storage), new Policies(storage), new Seal(storage)];
  const factory = (entry: MountEntry): Backend | undefined => {
    const prefix = storagePrefix(entry);
    switch (entry.path.startsWith('auth/') ? `auth/${entry.type}` : entry.type) {
      case 'kv':
        return entry.options?.['version'] === '2' ? createKvBackend(storage, prefix) : undefined;
      case 'system':
        return createSysBackend({ mounts, policies, tokens, seal, storage });
      case 'auth/token':
        return createTokenBackend(tokens, policies);
      case 'auth/approle':
        return createAppRoleBackend(storage, prefix, createLogin(tokens, storage, entry.path));
      case 'auth/kubernetes':
        return createKubernetesBackend(storage, prefix, createLogin(tokens, storage, entry.path), options.kubernetes);
      default:
        return undefined;
    }
  };
  const mounts = new Mounts(storage, factory);
  fill(options, { mounts, policies });
  const rootToken = ensureRootToken(options.rootToken, storage, tokens, now());
  addTokens(options, tokens, now());
  return { tokens, policies, seal, mounts, rootToken };
}

/** What is there already, in a storage that was given, stays. */
function fill(options: EmbeddedVaultOptions, { mounts, policies }: { mounts: Mounts; policies: Policies }): void {
  const isNew = mounts.get('sys/') === undefined;
  const wanted = [
    { path: 'sys/', type: 'system', description: 'system endpoints used for control, policy and debugging' },
    { path: 'auth/token/', type: 'token', description: 'token based credentials' },
    ...(options.mounts ?? (isNew ? ['secret'] : [])).map((name) => ({
      path: `${name.replace(/\/$/, '')}/`,
      type: 'kv',
      options: { version: '2' },
    })),
    ...(options.kubernetes === undefined ? [] : [{ path: 'auth/kubernetes/', type: 'kubernetes', options: {} }]),
  ] as const;
  for (const mount of wanted) {
    if (mounts.get(mount.path) !== undefined) continue;
    const refused = mounts.add(
      mount.path,
      mount.type,
      'options' in mount ? mount.options : null,
      'description' in mount ? mount.description : '',
    );
    if (refused !== undefined) throw new Error(refused);
  }
  for (const [name, text] of Object.entries(options.policies ?? {})) policies.put(name.toLowerCase(), text);
}

function ensureRootToken(given: string | undefined, storage: Storage, tokens: Tokens, nowMs: number): string {
  const kept = (storage.get(rootTokenKey) as { id: string } | undefined)?.id;
  const wanted = given ?? kept;
  const former = kept === undefined || kept === wanted ? undefined : tokens.find(kept, nowMs);
  if (former !== undefined) tokens.revoke(former);
  const root =
    (wanted === undefined ? undefined : tokens.find(wanted, nowMs)) ??
    tokens.create(
      {
        ...(wanted !== undefined && { id: wanted }),
        policies: ['root'],
        path: 'auth/token/root',
        displayName: 'root',
      },
      nowMs,
    );
  storage.put(rootTokenKey, { id: root.id });
  return root.id;
}

function addTokens({ tokens: wanted = [] }: EmbeddedVaultOptions, tokens: Tokens, nowMs: number): void {
  for (const { id, policies, ttlS, periodS } of wanted) {
    const entry = {
      id,
      policies: normalisePolicies(policies, true),
      path: 'auth/token/create',
      displayName: 'token',
      ...(ttlS !== undefined && { ttlS }),
      ...(periodS !== undefined && { periodS }),
    };
    if (tokens.find(id, nowMs) === undefined) tokens.create(entry, nowMs);
  }
}
