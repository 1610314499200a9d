/** sys/… (vault/logical_system.go): mounts, auth methods, audit devices, policies, capabilities, and what the UI and the CLI ask before a KV request. */
import { mapField, textField, textsField, weakString } from './fields.ts';
import { auditRoute } from './audit-devices.ts';
import type { Backend, BackendRequest, Handler, Route } from './backend.ts';
import { describeMount } from './mounts.ts';
import type { MountEntry, Mounts } from './mounts.ts';
import type { Policies } from './policies.ts';
import { policyRoute } from './policy-routes.ts';
import { denied, errorReply, flatReply, json, multiErrorReply, noContent, reply } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Seal } from './seal.ts';
import type { Storage } from '../storage.ts';
import type { TokenEntry, Tokens } from './tokens.ts';
import { systemMaxTtlS } from './tokens.ts';

export type SysParts = {
  readonly mounts: Mounts;
  readonly policies: Policies;
  readonly tokens: Tokens;
  readonly seal: Seal;
  readonly storage: Storage;
};

export function createSysBackend(parts: SysParts): Backend {
  const { mounts, policies, tokens, seal, storage } = parts;
  const selfCapabilities: Handler = (request) =>
    request.token === undefined ? denied : capabilities(request, request.token, policies);
  const tokenCapabilities: Handler = (request) => {
    const entry = tokens.find(textField(request.fields, 'token'), request.nowMs);
    return entry === undefined ? multiErrorReply(400, 'invalid token') : capabilities(request, entry, policies);
  };
  const sealUp: Handler = () => {
    seal.sealed = true;
    return noContent;
  };
  const fixed = new Map<string, Route>([
    ['mounts', { operations: { read: () => flatReply(describeAll(mounts.entries('secret'))) } }],
    ['auth', { operations: { read: () => flatReply(describeAll(mounts.entries('auth'))) } }],
    ['capabilities-self', { operations: { update: selfCapabilities } }],
    ['capabilities', { operations: { update: tokenCapabilities } }],
    ['seal', { operations: { update: sealUp } }],
    ['internal/ui/mounts', { operations: { read: (request) => visibleMounts(request, parts) } }],
  ]);
  return {
    type: 'system',
    route: (path) => {
      const policy = fixed.get(path) ?? policyRoute(path, policies) ?? auditRoute(path, storage);
      if (policy !== undefined) return policy;
      const [, ui] = /^internal\/ui\/mounts\/(.+)$/.exec(path) ?? [];
      if (ui !== undefined) return { operations: { read: (request) => visibleMount(ui, request, parts) } };
      const [, tune] = /^mounts\/(.+)\/tune$/.exec(path) ?? [];
      if (tune !== undefined) return { operations: { read: () => readTune(mounts, `${tune}/`) } };
      const [, kind, name] = /^(mounts|auth)\/(.+?)\/?$/.exec(path) ?? [];
      return name === undefined ? undefined : mountRoute(mounts, `${kind === 'auth' ? 'auth/' : ''}${name}/`);
    },
    isUnauthenticated: (path) => path === 'internal/ui/mounts' || path.startsWith('internal/ui/mounts/'),
    needsSudo: (path) => ['seal', 'audit'].includes(path) || /^(?:auth|audit)\//.test(path),
  };
}

function capabilities({ fields }: BackendRequest, entry: TokenEntry, policies: Policies): Reply {
  const paths = textsField(fields, 'paths') ?? textsField(fields, 'path') ?? [];
  if (paths.length === 0) return errorReply(400, 'paths must be supplied');
  const acl = policies.aclOf(entry);
  const each = paths.map((path) => [path, acl.capabilities(path)] as const);
  // One path: its capabilities stand there without its name too.
  const one = each.length === 1 ? each[0] : undefined;
  return flatReply(json({ ...Object.fromEntries(each), ...(one && { capabilities: one[1] }) }));
}

function mountRoute(mounts: Mounts, path: string): Route {
  const isAuth = path.startsWith('auth/');
  return {
    operations: {
      read: () => {
        const mount = mounts.get(path);
        return mount === undefined
          ? errorReply(400, `No ${isAuth ? 'auth' : 'secret'} engine mount at ${path.replace(/^auth\//, '')}`)
          : flatReply(json(describeMount(mount.entry, 'own')));
      },
      update: ({ fields }) => {
        const type = textField(fields, 'type');
        if (type === '') return errorReply(400, 'backend type must be specified as a string');
        const sent = mapField(fields, 'options');
        const options = sent && Object.fromEntries([...sent].map(([name, raw]) => [name, weakString(raw) ?? '']));
        const refused = mounts.add(path, type, options ?? (isAuth ? {} : null), textField(fields, 'description'));
        return refused === undefined ? noContent : errorReply(400, refused);
      },
      delete: () => {
        mounts.remove(path);
        return noContent;
      },
    },
  };
}

function readTune(mounts: Mounts, path: string): Reply {
  const mount = mounts.get(path);
  if (mount === undefined) return errorReply(400, `cannot fetch sysview for path "${path}"`);
  return flatReply(
    json({
      default_lease_ttl: systemMaxTtlS,
      description: mount.entry.description,
      force_no_cache: false,
      max_lease_ttl: systemMaxTtlS,
      ...(mount.entry.options !== null && { options: mount.entry.options }),
    }),
  );
}

function describeAll(entries: readonly MountEntry[], ttls: 'own' | 'effective' = 'own'): string {
  return json(
    Object.fromEntries(entries.map((entry) => [entry.path.replace(/^auth\//, ''), describeMount(entry, ttls)])),
  );
}

/** What a token may see of the mounts. Without a token: none, and no error. */
function visibleMounts({ token }: BackendRequest, { mounts, policies }: SysParts): Reply {
  const acl = token && policies.aclOf(token);
  const visible = (kind: 'secret' | 'auth'): string =>
    describeAll(
      mounts.entries(kind).filter(({ path }) => acl?.reaches(path) === true),
      'effective',
    );
  return reply({ data: `{"auth":${visible('auth')},"secret":${visible('secret')}}` });
}

/** Which mount a path is under, and thereby whether it is KV v2: asked by the CLI before each KV request. No mount looks like no access. */
function visibleMount(path: string, { token }: BackendRequest, { mounts, policies }: SysParts): Reply {
  if (token === undefined) return denied;
  const found = mounts.find(path);
  if (found === undefined || !policies.aclOf(token).reaches(found.mount.entry.path))
    return errorReply(
      403,
      `preflight capability check returned 403, please ensure client's policies grant access to path "${path}/"`,
    );
  const { entry } = found.mount;
  return reply({ data: json({ ...describeMount(entry, 'effective'), path: entry.path }) });
}
