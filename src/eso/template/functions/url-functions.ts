/** sprig's URLs: package net/url. Hosts that releases of Go see differently (more than one colon, brackets) are not followed. */
import { Unpredictable } from '../../go-error.ts';
import type { GoString } from '../../go/go-string.ts';
import { asGoString } from '../../go/go-string.ts';
import { quote } from '../../go/quote.ts';
import type { TemplateFunction } from '../go-value.ts';
import type { Entries } from './go-function.ts';
import { bytesIn, failed, goFunction, map, shown, string } from './go-function.ts';
import { kindOf } from './printing.ts';

/** What each part of a URL has as it is. */
const unescaped = {
  user: /[A-Za-z0-9$&+,;=\-._~]/,
  path: /[A-Za-z0-9$&+,;=\-._~/:@]/,
  host: /[A-Za-z0-9!"$&'()*+,\-.:;<=>[\]_~]/,
  fragment: /[A-Za-z0-9!$&()*+,\-./:;=?@_~]/,
};

function escape(value: string, part: keyof typeof unescaped): string {
  return bytesIn(value)
    .map((byte) =>
      unescaped[part].test(byte) ? byte : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}

/** Why a URL cannot be read; `quoted` comes of the URL. */
class UrlFailure extends Error {
  readonly text: string;
  readonly quoted: GoString | undefined;
  readonly after: string;
  constructor(text: string, quoted?: GoString, after = '') {
    super(text);
    this.text = text;
    this.quoted = quoted;
    this.after = after;
  }
}

function unescape(value: string): string {
  const [bad] = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(value) ?? [];
  if (bad !== undefined) throw new UrlFailure('invalid URL escape ', quote(asGoString(bad)));
  return value.replace(/%([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** strings.Cut */
function cut(value: string, separator: string): [before: string, after: string | undefined] {
  const at = value.indexOf(separator);
  return at < 0 ? [value, undefined] : [value.slice(0, at), value.slice(at + separator.length)];
}

type Url = {
  readonly scheme: string;
  readonly userinfo: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly opaque: string;
};

function parse(raw: string): Url {
  if (bytesIn(raw).some((byte) => byte < ' ' || byte === '\x7f'))
    throw new UrlFailure('net/url: invalid control character in URL');
  const none = { scheme: '', userinfo: undefined, host: '', path: '', query: '', opaque: '' };
  if (raw === '*') return { ...none, path: '*' };
  if (raw.startsWith(':')) throw new UrlFailure('missing protocol scheme');
  const [, name, behind = ''] = /^([A-Za-z][A-Za-z0-9+\-.]*):(.*)$/s.exec(raw) ?? [];
  const scheme = (name ?? '').toLowerCase();
  const [rest, query = ''] = cut(name === undefined ? raw : behind, '?');
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...none, scheme, query, opaque: rest };
    if (cut(rest, '/')[0].includes(':')) throw new UrlFailure('first path segment in URL cannot contain colon');
  }
  if (!rest.startsWith('//') || (scheme === '' && rest.startsWith('///')))
    return { ...none, scheme, query, path: unescape(rest) };
  const [authority, path] = cut(rest.slice(2), '/');
  return { ...none, scheme, query, ...parseAuthority(authority), path: path === undefined ? '' : unescape(`/${path}`) };
}

function parseAuthority(authority: string): { readonly host: string; readonly userinfo: string | undefined } {
  const at = authority.lastIndexOf('@');
  const host = parseHost(authority.slice(at + 1));
  return { host, userinfo: at < 0 ? undefined : readUserinfo(authority.slice(0, at)) };
}

function parseHost(host: string): string {
  if (/[[%]|:.*:/s.test(host)) throw new Unpredictable('template', 'its template reads a URL with an unusual host');
  const [, port] = /(:.*)$/s.exec(host) ?? [];
  if (port !== undefined && !/^:[0-9]*$/.test(port))
    throw new UrlFailure('invalid port ', quote(asGoString(port)), ' after host');
  const bad = bytesIn(host).find((byte) => byte < '\x80' && !unescaped.host.test(byte));
  if (bad !== undefined) throw new UrlFailure('invalid character ', quote(asGoString(bad)), ' in host name');
  return host;
}

/** As Go would write it again. */
function readUserinfo(userinfo: string): string {
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userinfo)) throw new UrlFailure('net/url: invalid userinfo');
  const [user, password] = cut(userinfo, ':');
  const written = escape(unescape(user), 'user');
  return password === undefined ? written : `${written}:${escape(unescape(password), 'user')}`;
}

/** @param panic what sprig puts before the error @param whole what the error names as the URL */
function orPanic<T>(panic: string, whole: string, give: () => T): T {
  try {
    return give();
  } catch (error) {
    if (!(error instanceof UrlFailure)) throw error;
    const { text, quoted, after } = error;
    const end = quoted === undefined ? [] : [shown(quoted), after];
    throw failed(`${panic}: parse `, shown(quote(asGoString(whole))), `: ${text}`, ...end);
  }
}

const urlParse = goFunction(['string'], (raw) => {
  const panic = 'unable to parse url';
  const [before, fragment = ''] = cut(raw, '#');
  const url = orPanic(panic, before, () => parse(before));
  const parts = {
    ...url,
    userinfo: url.userinfo ?? '',
    hostname: cut(url.host, ':')[0],
    fragment: orPanic(panic, raw, () => unescape(fragment)),
  };
  return map(new Map(Object.entries(parts).map(([key, value]) => [asGoString(key), string(asGoString(value))])));
});

function textIn(entries: Entries, key: string): string {
  const value = entries.get(asGoString(key));
  if (value === undefined) return '';
  if (value.kind === 'nil') throw failed('runtime error: invalid memory address or nil pointer dereference');
  if (value.kind === 'string') return value.value;
  throw failed(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`);
}

const urlJoin = goFunction(['map[string]interface {}'], (entries) => {
  const [scheme = '', host = '', path = '', query = '', opaque = '', fragment = '', userinfo = ''] = [
    ...['scheme', 'host', 'path', 'query', 'opaque', 'fragment', 'userinfo'].map((key) => textIn(entries, key)),
  ];
  const user = readUser(userinfo);
  let written = scheme === '' ? '' : `${scheme}:`;
  if (opaque !== '') written += opaque;
  else {
    if ((scheme !== '' || host !== '' || user !== undefined) && (host !== '' || path !== '' || user !== undefined))
      written += '//';
    if (user !== undefined) written += `${user}@`;
    written += escape(host, 'host');
    const escaped = path === '*' ? '*' : escape(path, 'path');
    if (escaped !== '' && !escaped.startsWith('/') && host !== '') written += '/';
    if (written === '' && cut(escaped, '/')[0].includes(':')) written += './';
    written += escaped;
  }
  if (query !== '') written += `?${query}`;
  if (fragment !== '') written += `#${escape(fragment, 'fragment')}`;
  return string(asGoString(written));
});

/** sprig has a URL around it read. What ends a host there (`/`, `?`, `#`) leaves no user. */
function readUser(userinfo: string): string | undefined {
  if (userinfo === '') return undefined;
  if (/[/?#]/.test(userinfo)) throw new Unpredictable('template', 'its template joins a URL with an unusual user');
  const whole = `proto://${userinfo}@host`;
  return orPanic('unable to parse userinfo in dict', whole, () => parse(whole).userinfo);
}

export const urlFunctions: readonly [string, TemplateFunction][] = [
  ['urlParse', urlParse],
  ['urlJoin', urlJoin],
];
