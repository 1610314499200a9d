/** sys/audit (vault/audit.go): audit devices are kept and listed. None of them writes anything: there is a request log for tests. */
import { mapField, textField, weakString } from './fields.ts';
import type { BackendRequest, Route } from './backend.ts';
import { errorReply, flatReply, json, noContent } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Storage } from '../storage.ts';

type Device = {
  readonly description: string;
  readonly local: boolean;
  readonly options: Readonly<Record<string, string>>;
  readonly path: string;
  readonly type: string;
};

const key = 'core/audit';

/** @returns undefined where the path is none of audit devices */
export function auditRoute(path: string, storage: Storage): Route | undefined {
  if (path === 'audit') return { operations: { read: () => flatReply(json(Object.fromEntries(devices(storage)))) } };
  const [, name] = /^audit\/(.+?)\/?$/.exec(path) ?? [];
  if (name === undefined) return undefined;
  return {
    operations: {
      update: (request) => enable(`${name}/`, request, storage),
      delete: () => {
        save(
          storage,
          devices(storage).filter(([one]) => one !== `${name}/`),
        );
        return noContent;
      },
    },
  };
}

function enable(path: string, { fields }: BackendRequest, storage: Storage): Reply {
  const refuse = (why: string): Reply => errorReply(400, `${why}: invalid configuration`);
  const type = textField(fields, 'type');
  const options = Object.fromEntries(
    [...(mapField(fields, 'options') ?? [])].map(([name, raw]) => [name, weakString(raw) ?? '']),
  );
  const known = devices(storage);
  if (known.some(([other]) => path.startsWith(other) || other.startsWith(path))) return refuse('path already in use');
  const filePath = options['file_path'];
  if (filePath !== undefined && known.some(([, { options: of }]) => of['file_path'] === filePath))
    return refuse('file_path already in use');
  if (type !== 'file') return refuse(`unknown backend type: ${JSON.stringify(type)}`);
  if (filePath === undefined) return refuse('unable to create new audit backend: "file_path" is required');
  save(storage, [
    ...known,
    [path, { description: textField(fields, 'description'), local: false, options, path, type }],
  ]);
  return noContent;
}

function devices(storage: Storage): readonly (readonly [string, Device])[] {
  return (storage.get(key) as { devices: (readonly [string, Device])[] } | undefined)?.devices ?? [];
}

function save(storage: Storage, kept: readonly (readonly [string, Device])[]): void {
  storage.put(key, { devices: kept });
}
