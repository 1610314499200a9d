/** Which path and which operation a request line asks for (http/logical.go, buildLogicalPath). */
import { quoteText } from '../../model/secret-text.ts';
import type { Operation } from './backend.ts';
import type { Fields } from './fields.ts';
import { isPrintable } from './go-text.ts';
import type { Reply } from './reply.ts';

/** @property path decoded, without `/v1/` */
export type Target = { readonly path: string; readonly query: Fields };

/** Only the engine can tell a `create` from an `update`: both are `update` here. */
export type RequestedOperation = Exclude<Operation, 'create'>;

export function parseTarget(target: string, method: string): Target | Reply {
  const [written, search] = split(target);
  const clean = cleanPath(written);
  if (clean !== written) return redirect(search === '' ? clean : `${clean}?${search}`, method);
  const decoded = decode(written);
  // The listener refuses what is not printable before Vault sees it (go-secure-stdlib, DisablePrintableCheck).
  if (decoded === undefined || !isPrintable(decoded)) return { status: 400, headers: bare };
  if (!decoded.startsWith('/v1/'))
    return {
      status: 404,
      body: '404 page not found',
      headers: { ...bare, 'Content-Type': 'text/plain; charset=utf-8' },
    };
  return { path: decoded.slice('/v1/'.length), query: parseQuery(search) };
}

/** Of the headers that Vault's own answers have none: this one is the HTTP server's. */
const bare = { 'Cache-Control': '', 'Content-Type': '' };

/** As Go's ServeMux: a client that joins paths carelessly is sent to the right one, with its method and its body. */
function redirect(location: string, method: string): Reply {
  const html = method === 'GET' || method === 'HEAD';
  return {
    status: 307,
    headers: { 'Content-Type': html ? 'text/html; charset=utf-8' : '', Location: location },
    ...(html && {
      body: `<a href="${location.replace(/&/g, '&amp;').replace(/"/g, '&#34;').replace(/</g, '&lt;')}">Temporary Redirect</a>.\n`,
    }),
  };
}

/** A name that comes twice is a list, which no field of a read takes. */
function parseQuery(search: string): Fields {
  const all = new URLSearchParams(search);
  return new Map(
    [...new Set(all.keys())].map((name) => {
      const [first = '', ...more] = all.getAll(name);
      return [name, more.length === 0 ? quoteText(first) : JSON.stringify([first, ...more])];
    }),
  );
}

const listTrue = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const listFalse = ['0', 'f', 'F', 'FALSE', 'false', 'False', ''];

/** LIST, and GET with `?list=true`, which is what Vault's own Go client sends, are one. `bad-list`: neither true nor false. */
export function readOperation(method: string, query: Fields): RequestedOperation | 'bad-list' | undefined {
  switch (method) {
    case 'GET': {
      const asked = query.get('list');
      const value = asked === undefined ? '' : (JSON.parse(asked) as string);
      if (listTrue.includes(value)) return 'list';
      return listFalse.includes(value) ? 'read' : 'bad-list';
    }
    case 'LIST':
      return 'list';
    case 'POST':
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
    default:
      return undefined;
  }
}

function split(target: string): [string, string] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

/** path.Clean, with a slash at the end kept. */
function cleanPath(path: string): string {
  if (!/\/\/|\/\.{1,2}(?:\/|$)/.test(path)) return path;
  const segments: string[] = [];
  for (const segment of path.split('/'))
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  const ending = path.endsWith('/') && segments.length > 0 ? '/' : '';
  return `/${segments.join('/')}${ending}`;
}

/** Bytes that are not encoded come as Latin-1 from the parser and are UTF-8. */
function decode(written: string): string | undefined {
  try {
    return decodeURIComponent(Buffer.from(written, 'latin1').toString('utf8'));
  } catch {
    return undefined;
  }
}
