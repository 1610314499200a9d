/** Puts the parts that are made into the files of the documentation, or says which are not what they should be. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PlatformError } from '../model/problem.ts';
import type { DocsPart } from './render-docs.ts';

export type DocsFile = { readonly file: string; readonly state: 'same' | 'written' | 'different' };

/**
 * @param root the folder that holds README.md and docs/
 * @param verify write nothing: a file that is not what it should be is `different`
 * @throws PlatformError `DOCS` where a marker is missing; nothing was written
 */
export function writeDocs(
  root: string,
  parts: readonly DocsPart[],
  { verify }: { readonly verify: boolean },
): DocsFile[] {
  const files = [...new Set(parts.map(({ file }) => file))].map((file) => {
    const full = path.join(root, file);
    const current = existsSync(full) ? readFileSync(full, 'utf8') : undefined;
    const wanted = parts.filter((part) => part.file === file).reduce(applyPart, current);
    return { file, full, wanted: wanted ?? '', same: wanted === current };
  });
  return files.map(({ file, full, wanted, same }) => {
    if (!same && !verify) {
      mkdirSync(path.dirname(full), { recursive: true });
      writeFileSync(`${full}.new`, wanted);
      renameSync(`${full}.new`, full);
    }
    return { file, state: same ? 'same' : verify ? 'different' : 'written' };
  });
}

function applyPart(text: string | undefined, part: DocsPart): string {
  if (part.kind === 'file') return part.text;
  const { file, name } = part;
  const [before, after] = [`<!-- table:${name} -->`, `<!-- /table:${name} -->`];
  const start = text?.indexOf(before) ?? -1;
  const end = text?.indexOf(after, start) ?? -1;
  if (text === undefined || start === -1 || end === -1)
    throw new PlatformError(
      'DOCS',
      `${file} does not hold ${before} and, after it, ${after}`,
      'Put both back, each in a line of its own: what is made goes between them.',
    );
  // Inside a list item everything is indented as the marker is.
  const indent = text.slice(text.lastIndexOf('\n', start) + 1, start);
  const indented = part.text.replace(/^(?=.)/gm, indent);
  return `${text.slice(0, start + before.length)}\n\n${indented}\n\n${indent}${text.slice(end)}`;
}
