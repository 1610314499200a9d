/** The paths of a KV v2 mount and what each operation does to them (vault-plugin-secrets-kv 0.25, backend.go). */
import { readData, readSubkeys, writeData, patchData, deleteData } from './kv-data.ts';
import { deleteMetadata, listMetadata, patchMetadata, readMetadata, writeMetadata } from './kv-metadata.ts';
import { changeVersions, readConfig, writeConfig } from './kv-versions.ts';
import { KvKeys } from './kv-keys.ts';
import type { KvRequest } from './kv-request.ts';
import type { Backend, BackendRequest, Route } from './backend.ts';
import { reply } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Storage } from '../storage.ts';

type KvHandler = (request: KvRequest) => Reply;
type KvRoute = { readonly fields: readonly string[]; readonly operations: Readonly<Record<string, KvHandler>> };

const data: KvRoute = {
  fields: ['path', 'version', 'options', 'data'],
  operations: { read: readData, create: writeData, update: writeData, patch: patchData, delete: deleteData },
};

const metadataFields = [
  'path',
  'cas_required',
  'max_versions',
  'delete_version_after',
  'custom_metadata',
  'exclude_deleted',
];

const routes = new Map<string, KvRoute>([
  ['data', data],
  [
    'metadata',
    {
      fields: metadataFields,
      operations: {
        read: readMetadata,
        create: writeMetadata,
        update: writeMetadata,
        patch: patchMetadata,
        delete: deleteMetadata,
        list: listMetadata,
      },
    },
  ],
  ['subkeys', { fields: ['path', 'version', 'depth'], operations: { read: readSubkeys } }],
  ['delete', { fields: ['path', 'versions'], operations: { update: (request) => changeVersions(request, 'delete') } }],
  [
    'undelete',
    { fields: ['path', 'versions'], operations: { update: (request) => changeVersions(request, 'undelete') } },
  ],
  [
    'destroy',
    { fields: ['path', 'versions'], operations: { update: (request) => changeVersions(request, 'destroy') } },
  ],
]);

export function createKvBackend(storage: Storage, prefix: string): Backend {
  const keys = new KvKeys(storage, prefix);
  const bind = (route: KvRoute, path: string): Route => ({
    fields: route.fields,
    captured: path === '' ? [] : ['path'],
    operations: Object.fromEntries(
      Object.entries(route.operations).map(([operation, handle]) => [
        operation,
        (request: BackendRequest) => handle({ ...request, keys, path }),
      ]),
    ),
  });
  const config: Route = {
    fields: ['max_versions', 'cas_required', 'delete_version_after'],
    operations: {
      read: () => readConfig(keys),
      update: (request) => writeConfig(keys, request.fields),
    },
  };
  return {
    type: 'kv',
    route: (path) => {
      if (path === 'config') return config;
      const slash = path.indexOf('/');
      const key = path.slice(slash + 1);
      const route = slash < 0 ? undefined : routes.get(path.slice(0, slash));
      // The pattern of data/ takes no name that is empty or ends in a slash.
      if (route === undefined || (route === data && (key === '' || key.endsWith('/')))) return invalidPath(path);
      return bind(route, key);
    },
    // Whether a write is `create` or `update` to a policy depends on it.
    exists: (path) => {
      const [, kind, key] = /^(data|metadata)\/(.+)$/.exec(path) ?? [];
      return kind === undefined || key === undefined ? undefined : keys.metadata(key) !== undefined;
    },
  };
}

const roots = ['metadata', 'data', 'delete', 'undelete', 'destroy'];
const verbs: Readonly<Record<string, string>> = {
  create: 'put',
  update: 'put',
  patch: 'patch',
  read: 'get',
  list: 'list',
  delete: 'delete',
};

function invalidPath(path: string): Route {
  const answer = ({ operation }: BackendRequest): Reply =>
    reply(
      {
        warnings: [
          roots.includes(path)
            ? 'Non-listing operations on the root of a K/V v2 mount are not supported.'
            : `Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. If using the Vault CLI, use 'vault kv ${verbs[operation] ?? ''}' for this operation.`,
        ],
      },
      404,
    );
  return { operations: { create: answer, update: answer, patch: answer, read: answer, list: answer, delete: answer } };
}
