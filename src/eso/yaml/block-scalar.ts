/** Literal and folded scalars (`|` and `>`) within a mapping that is not indented, as go.yaml.in/yaml/v2 reads them. */
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { notFollowed, scannerError } from './yaml-node.ts';

/** @property next the line behind it */
export type BlockScalar = { readonly value: GoString; readonly next: number };

/** @param header the indicator and what follows it on its line, which is `lines[line]` */
export function readBlockScalar(header: string, lines: readonly string[], line: number): BlockScalar {
  const [whole, style, chompingBefore = '', indentation = '', chompingAfter = ''] =
    /^([|>])([+-]?)([1-9]?)([+-]?)(?:[ \t]+(?:#.*)?)?$/s.exec(header) ?? [];
  if (whole === undefined) {
    if (/^[|>][+-]?[A-Za-z.!?*/]/.test(header)) throw scannerError(line, 'did not find expected comment or line break');
    throw notFollowed();
  }
  if (chompingBefore !== '' && chompingAfter !== '') throw notFollowed();
  const start = line + 1;
  // The last "line" is what follows the last break: nothing, where the text ends with one.
  const indent = indentation === '' ? detectIndent(lines, start) : Number(indentation);
  const content: string[] = [];
  let next = start;
  for (; next < lines.length; next++) {
    const current = lines[next] ?? '';
    const own = /^ */.exec(current)?.[0].length ?? 0;
    if (own < indent && current.slice(own) !== '') {
      if (current.slice(own).startsWith('\t')) throw notFollowed();
      break;
    }
    content.push(current.slice(indent));
  }
  const following = lines.slice(next).find((current) => !/^ *(#.*)?$/s.test(current));
  if (following !== undefined && /^[ \t]/.test(following)) throw notFollowed();
  // Whether the last line that was taken has a break behind it.
  const ended = next < lines.length;
  return { value: asGoString(assemble(content, ended, style === '>', chompingBefore + chompingAfter)), next };
}

/** That of the first line with something in it; lines before it may not have more. */
function detectIndent(lines: readonly string[], start: number): number {
  let most = 0;
  for (const line of lines.slice(start)) {
    const own = /^ */.exec(line)?.[0].length ?? 0;
    if (line.slice(own).startsWith('\t')) throw notFollowed();
    most = Math.max(most, own);
    if (line.slice(own) === '') continue;
    if (own < most && own > 0) throw notFollowed();
    break;
  }
  return Math.max(most, 1);
}

function assemble(content: readonly string[], ended: boolean, folded: boolean, chomping: string): string {
  const last = content.findLastIndex((line) => line !== '');
  let value = '';
  let breaks = 0;
  let afterBlank = false;
  for (const [at, line] of content.slice(0, last + 1).entries()) {
    if (line === '') {
      breaks += 1;
      continue;
    }
    const isBlank = /^[ \t]/.test(line);
    if (at - breaks > 0 || value !== '') {
      const single = folded && !afterBlank && !isBlank;
      value += single ? (breaks === 0 ? ' ' : '') : '\n';
    }
    value += '\n'.repeat(breaks) + line;
    breaks = 0;
    afterBlank = isBlank;
  }
  // Each line that was taken but the very last of the text has a break behind it.
  const trailing = content.length - 1 - last + (ended ? 1 : 0);
  if (last < 0) return chomping === '+' ? '\n'.repeat(Math.max(content.length - (ended ? 0 : 1), 0)) : '';
  if (chomping === '-') return value;
  return value + (chomping === '+' ? '\n'.repeat(trailing) : trailing > 0 ? '\n' : '');
}
