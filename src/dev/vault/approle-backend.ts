/** auth/approle/… (builtin/credential/approle): roles, their SecretIDs, and the login with both. */
import { randomUUID } from 'node:crypto';
import { booleanField, durationField, integerField, textField } from './fields.ts';
import type { Fields } from './fields.ts';
import type { Backend, BackendRequest, Route } from './backend.ts';
import { errorReply, json, multiErrorReply, noContent, notFound, reply } from './reply.ts';
import type { Reply } from './reply.ts';
import { readTokenSettings, tokenSettingsJson } from './token-settings.ts';
import type { TokenSettings } from './token-settings.ts';
import type { Login } from './login.ts';
import type { Storage } from '../storage.ts';

type Role = {
  readonly roleId: string;
  readonly bindSecretId: boolean;
  readonly secretIdNumUses: number;
  readonly secretIdTtlS: number;
  readonly token: TokenSettings;
};

type SecretId = {
  readonly accessor: string;
  readonly usesLeft: number;
  readonly expireMs?: number;
  readonly metadata: Readonly<Record<string, string>>;
};

export function createAppRoleBackend(storage: Storage, prefix: string, login: Login): Backend {
  const roleOf = (name: string): Role | undefined => storage.get(`${prefix}role/${name}`) as Role | undefined;
  const secretIdKey = (role: string, id: string): string => `${prefix}secret-id/${role}/${id}`;
  const find = (role: string, id: string, nowMs: number): SecretId | undefined => {
    const kept = storage.get(secretIdKey(role, id)) as SecretId | undefined;
    return kept !== undefined && (kept.expireMs === undefined || kept.expireMs > nowMs) ? kept : undefined;
  };

  const newSecretId = (role: string, id: string, { fields, nowMs }: BackendRequest): Reply => {
    const kept = roleOf(role);
    if (kept === undefined) return errorReply(404, `role "${role}" does not exist`);
    const metadata = parseMetadata(textField(fields, 'metadata'));
    if (metadata === undefined) return errorReply(400, 'failed to parse metadata: invalid JSON');
    const ttlS = durationField(fields, 'ttl') ?? kept.secretIdTtlS;
    const usesLeft = integerField(fields, 'num_uses') ?? kept.secretIdNumUses;
    const made: SecretId = {
      accessor: randomUUID(),
      usesLeft,
      metadata,
      ...(ttlS > 0 && { expireMs: nowMs + ttlS * 1000 }),
    };
    storage.put(secretIdKey(role, id), made);
    const data = {
      secret_id: id,
      secret_id_accessor: made.accessor,
      secret_id_num_uses: usesLeft,
      secret_id_ttl: ttlS,
    };
    return reply({ data: json(data), mountType: 'approle' });
  };

  const logIn = (request: BackendRequest): Reply => {
    const [roleId, secretId] = [textField(request.fields, 'role_id'), textField(request.fields, 'secret_id')];
    if (roleId === '') return errorReply(500, 'failed to determine alias name from login request');
    const name = storage.list(`${prefix}role/`).find((role) => roleOf(role)?.roleId === roleId);
    const role = name === undefined ? undefined : roleOf(name);
    const refused = errorReply(400, 'invalid role or secret ID');
    if (name === undefined || role === undefined) return refused;
    let metadata: Readonly<Record<string, string>> = {};
    if (role.bindSecretId) {
      if (secretId === '') return errorReply(400, 'missing secret_id');
      const kept = find(name, secretId, request.nowMs);
      if (kept === undefined) return refused;
      ({ metadata } = kept);
      // 0: as often as one likes.
      if (kept.usesLeft === 1) storage.delete(secretIdKey(name, secretId));
      else if (kept.usesLeft > 1) storage.put(secretIdKey(name, secretId), { ...kept, usesLeft: kept.usesLeft - 1 });
    }
    return login(
      { alias: roleId, displayName: '', meta: { ...metadata, role_name: name }, settings: role.token },
      request.nowMs,
    );
  };

  const secretIdRoutes: Readonly<Record<string, (role: string) => Route>> = {
    'secret-id': (role) => ({ operations: { update: (request) => newSecretId(role, randomUUID(), request) } }),
    'secret-id/': (role) => ({
      operations: {
        list: () => {
          const ids = storage.list(`${prefix}secret-id/${role}/`);
          const accessors = ids.map((id) => (storage.get(secretIdKey(role, id)) as SecretId).accessor);
          return accessors.length === 0 ? notFound : reply({ data: json({ keys: accessors }), mountType: 'approle' });
        },
      },
    }),
    'custom-secret-id': (role) => ({
      operations: {
        update: (request) => {
          const id = textField(request.fields, 'secret_id');
          return id === '' ? errorReply(400, 'missing secret_id') : newSecretId(role, id, request);
        },
      },
    }),
    'secret-id/destroy': (role) => ({
      operations: {
        update: ({ fields }) => {
          storage.delete(secretIdKey(role, textField(fields, 'secret_id')));
          return noContent;
        },
      },
    }),
  };

  const roleIdRoute = (name: string): Route => ({
    operations: {
      read: () => {
        const role = roleOf(name);
        return role === undefined ? notFound : reply({ data: json({ role_id: role.roleId }), mountType: 'approle' });
      },
      update: ({ fields }) => {
        const role = roleOf(name);
        if (role === undefined) return notFound;
        storage.put(`${prefix}role/${name}`, { ...role, roleId: textField(fields, 'role_id') });
        return noContent;
      },
    },
  });

  const roleRoute = (name: string): Route => {
    const write = ({ fields }: BackendRequest): Reply => {
      const role = readRole(fields, roleOf(name));
      if (!role.bindSecretId) return multiErrorReply(500, 'at least one constraint should be enabled on the role');
      storage.put(`${prefix}role/${name}`, role);
      return noContent;
    };
    return {
      operations: {
        create: write,
        update: write,
        read: () => {
          const role = roleOf(name);
          return role === undefined ? notFound : reply({ data: roleJson(role), mountType: 'approle' });
        },
        delete: () => {
          for (const id of storage.list(`${prefix}secret-id/${name}/`)) storage.delete(secretIdKey(name, id));
          storage.delete(`${prefix}role/${name}`);
          return noContent;
        },
      },
    };
  };

  const listRoles = (): Reply => {
    const names = storage.list(`${prefix}role/`);
    return names.length === 0 ? notFound : reply({ data: json({ keys: names }), mountType: 'approle' });
  };

  return {
    type: 'approle',
    route: (path) => {
      if (path === 'login') return { operations: { update: logIn }, fields: ['role_id', 'secret_id'] };
      if (path === 'role' || path === 'role/') return { operations: path === 'role' ? {} : { list: listRoles } };
      const [, name = '', rest] = /^role\/([^/]+)(?:\/(.*))?$/.exec(path) ?? [];
      if (name === '') return undefined;
      if (rest === undefined) return roleRoute(name);
      return rest === 'role-id' ? roleIdRoute(name) : secretIdRoutes[rest]?.(name);
    },
    exists: (path) => {
      const [, name] = /^role\/([^/]+)$/.exec(path) ?? [];
      return name === undefined ? undefined : roleOf(name) !== undefined;
    },
    isUnauthenticated: (path) => path === 'login',
  };
}

function readRole(fields: Fields, before: Role | undefined): Role {
  return {
    roleId: textField(fields, 'role_id') || (before?.roleId ?? randomUUID()),
    bindSecretId: booleanField(fields, 'bind_secret_id') ?? before?.bindSecretId ?? true,
    secretIdNumUses: integerField(fields, 'secret_id_num_uses') ?? before?.secretIdNumUses ?? 0,
    secretIdTtlS: durationField(fields, 'secret_id_ttl') ?? before?.secretIdTtlS ?? 0,
    token: readTokenSettings(fields, before?.token),
  };
}

function roleJson(role: Role): string {
  return json({
    bind_secret_id: role.bindSecretId,
    local_secret_ids: false,
    secret_id_bound_cidrs: null,
    secret_id_num_uses: role.secretIdNumUses,
    secret_id_ttl: role.secretIdTtlS,
    ...tokenSettingsJson(role.token),
  });
}

/** It comes as JSON inside a text. */
function parseMetadata(text: string): Readonly<Record<string, string>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text === '' ? '{}' : text);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
  } catch {
    return undefined;
  }
}
