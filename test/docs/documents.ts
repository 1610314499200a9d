/** The documents as the tests see them: their fenced blocks with the comment above, their links, their headings. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkout } from '../fixtures/repository.ts';

export const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(checkout, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.posix.join('docs', file.replaceAll(path.sep, '/')))
    .toSorted(),
];

export function readDocument(file: string): string {
  return readFileSync(path.join(checkout, file), 'utf8');
}

export type Block = {
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** The content of the HTML comment right above the block; empty where there is none. */
  readonly comment: string;
};

export function blocksOf(text: string): Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, indent = '', language] = /^( *)```(\S*)$/.exec(lines[at] ?? '') ?? [];
    if (language === undefined) continue;
    const end = lines.indexOf(`${indent}\`\`\``, at + 1);
    if (end === -1) throw new Error(`the block in line ${at + 1} does not end`);
    const above = lines.slice(0, at).findLast((line) => line.trim() !== '') ?? '';
    blocks.push({
      line: at + 1,
      language,
      text: lines
        .slice(at + 1, end)
        .map((line) => line.slice(indent.length))
        .join('\n'),
      comment: /^ *<!-- (.*) -->$/.exec(above)?.[1] ?? '',
    });
    at = end;
  }
  return blocks;
}

/** Each a command with its arguments and the variables in front of it; a line that ends in a backslash goes on in the next. */
export function commandsOf(block: Block): { variables: Record<string, string>; words: string[] }[] {
  return block.text
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const words = line.trim().split(/\s+/);
      const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
      const variables = words.slice(0, first).map((word): [string, string] => {
        const equals = word.indexOf('=');
        return [word.slice(0, equals), word.slice(equals + 1)];
      });
      return { variables: Object.fromEntries(variables), words: words.slice(first) };
    });
}

/** Without the content of fenced blocks. */
export function proseOf(text: string): string {
  return text.replace(/^( *)```[^\n]*\n[\s\S]*?^\1```$/gm, '');
}

export function linksOf(text: string): string[] {
  return [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** As GitHub makes them. */
export function anchorsOf(text: string): Set<string> {
  return new Set(
    [...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

/** Names in code style that look like a file of this repository. */
export function filesNamedIn(text: string): string[] {
  return [...proseOf(text).matchAll(/`([^`\n]+)`/g)]
    .map(([, name = '']) => name)
    .filter((name) => /^(?:\.?[\w-]+\/)*[\w.-]+\.(?:ts|js|cjs|json|md)$|^(?:[\w-]+\/)+$/.test(name));
}
