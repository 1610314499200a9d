/** sprig's paths: package path, and path/filepath of Linux, which does the same. */
import type { GoString } from '../../go/go-string.ts';
import { asGoString } from '../../go/go-string.ts';
import type { GoValue, TemplateFunction } from '../go-value.ts';
import { bool, goFunction, string } from './go-function.ts';

function clean(path: string): string {
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!rooted) kept.push(part);
  }
  const cleaned = (rooted ? '/' : '') + kept.join('/');
  return cleaned === '' ? '.' : cleaned;
}

function base(path: string): string {
  if (path === '') return '.';
  let end = path.length;
  while (end > 0 && path.charAt(end - 1) === '/') end -= 1;
  return end === 0 ? '/' : path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes('.') ? name.slice(name.lastIndexOf('.')) : '';
}

function ofPath(name: string, give: (path: string) => GoValue): [string, TemplateFunction][] {
  const made = goFunction(['string'], give);
  return [
    [name, made],
    [`os${name.charAt(0).toUpperCase()}${name.slice(1)}`, made],
  ];
}

function toPath(change: (path: string) => string): (path: string) => GoValue {
  return (path) => string(asGoString(change(path)) satisfies GoString);
}

export const pathFunctions: readonly [string, TemplateFunction][] = [
  ...ofPath('base', toPath(base)),
  ...ofPath(
    'dir',
    toPath((path) => clean(path.slice(0, path.lastIndexOf('/') + 1))),
  ),
  ...ofPath('clean', toPath(clean)),
  ...ofPath('ext', toPath(extension)),
  ...ofPath('isAbs', (path) => bool(path.startsWith('/'))),
];
