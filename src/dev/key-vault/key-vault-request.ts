/**
 * What a request line asks of a vault: the routes of the data plane's specification (keyvault-secrets, `operations.ts` of the JavaScript SDK),
 * with the traps of the real routing. `restore` as the name of a POST, and `backup` and `versions` as third segments, win over names and versions.
 */
import type { HttpRequest } from '../http/http-request.ts';

/** The names that Key Vault's own audit log has (Microsoft's table of `operationName`). */
export type KeyVaultOperation =
  | 'SecretGet'
  | 'SecretSet'
  | 'SecretUpdate'
  | 'SecretDelete'
  | 'SecretList'
  | 'SecretListVersions'
  | 'SecretBackup'
  | 'SecretRestore'
  | 'SecretGetDeleted'
  | 'SecretListDeleted'
  | 'SecretRecover'
  | 'SecretPurge';

/** @property name as sent, decoded; '' where the operation has none. @property version '' for the latest */
export type Route = { readonly operation: KeyVaultOperation; readonly name: string; readonly version: string };

/** @property allowed the methods that the path takes, where the one that was sent is none of them */
export type UnknownRoute = { readonly operation?: undefined; readonly allowed?: readonly string[] };

export type KeyVaultTarget = {
  readonly path: string;
  /** Without the `?`. */
  readonly search: string;
  readonly route: Route | UnknownRoute;
};

type Methods = Readonly<Partial<Record<string, KeyVaultOperation>>>;

const collections: Readonly<Record<string, Methods>> = {
  secrets: { GET: 'SecretList' },
  deletedsecrets: { GET: 'SecretListDeleted' },
};
const named: Readonly<Record<string, Methods>> = {
  secrets: { GET: 'SecretGet', PUT: 'SecretSet', PATCH: 'SecretUpdate', DELETE: 'SecretDelete' },
  deletedsecrets: { GET: 'SecretGetDeleted', DELETE: 'SecretPurge' },
};
const actions: Readonly<Record<string, Methods>> = {
  'secrets/versions': { GET: 'SecretListVersions' },
  'secrets/backup': { POST: 'SecretBackup' },
  'deletedsecrets/recover': { POST: 'SecretRecover' },
};
const versioned: Methods = { GET: 'SecretGet', PATCH: 'SecretUpdate' };

/** For faults and the log: the path is decoded, and has no query. */
export function identifyKeyVaultRequest(request: HttpRequest): {
  operation: KeyVaultOperation | undefined;
  path: string;
} {
  const { path, route } = parseKeyVaultTarget(request);
  return { operation: route.operation, path };
}

export function parseKeyVaultTarget(request: HttpRequest): KeyVaultTarget {
  const { target } = request;
  const mark = target.indexOf('?');
  const written = mark < 0 ? target : target.slice(0, mark);
  const search = mark < 0 ? '' : target.slice(mark + 1);
  const segments = decodeSegments(written);
  if (segments === undefined) return { path: written, search, route: {} };
  return { path: `/${segments.join('/')}`, search, route: findRoute(methodOf(request), segments) };
}

/** Clients behind a proxy that knows no PUT send a POST that says what it stands for [doc]. */
function methodOf({ method, headers }: HttpRequest): string {
  if (method !== 'POST') return method;
  return (headers.get('x-http-method') ?? headers.get('x-http-method-override') ?? method).toUpperCase();
}

/** Empty segments fall away: some old clients send `//secrets/x`, and the SDKs ask for the latest with a slash at the end. */
function decodeSegments(path: string): string[] | undefined {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (!path.includes('%')) return segments;
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function findRoute(method: string, segments: readonly string[]): Route | UnknownRoute {
  const [first = '', name = '', third = ''] = segments;
  // ASP.NET, which the service's headers name, takes the fixed parts of a route in any case.
  const kind = first.toLowerCase();
  switch (segments.length) {
    case 1:
      return choose(collections[kind], method, '', '');
    case 2:
      if (method === 'POST' && kind === 'secrets' && name.toLowerCase() === 'restore')
        return { operation: 'SecretRestore', name: '', version: '' };
      return choose(named[kind], method, name, '');
    case 3: {
      const action = actions[`${kind}/${third.toLowerCase()}`];
      if (action !== undefined) return choose(action, method, name, '');
      return choose(kind === 'secrets' ? versioned : undefined, method, name, third);
    }
    default:
      return {};
  }
}

function choose(methods: Methods | undefined, method: string, name: string, version: string): Route | UnknownRoute {
  if (methods === undefined) return {};
  const operation = Object.hasOwn(methods, method) ? methods[method] : undefined;
  return operation === undefined ? { allowed: Object.keys(methods) } : { operation, name, version };
}
