/** Values that are looked for wherever a command may leave one, in each form that a program gives a text by accident. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Arena } from './arena.ts';
import type { CatalogSecret } from './catalog.ts';
import { fieldNames, textProperty } from './catalog.ts';
import type { Fields } from './hostile-values.ts';

/** Plain, with line breaks and quotes, like base64; the part that is looked for is in each. */
export function canaryFields(secret: CatalogSecret, index: number): Fields {
  const core = coreOf(index);
  if (secret.kind === 'text') return { [textProperty]: `-----BEGIN X-----\n${core}\n-----END X-----\n` };
  const forms = [core, `"${core}"\n\\'${core}\u2028<&>`, `${Buffer.from('ä').toString('base64')}${core}+/==`, ''];
  return Object.fromEntries(fieldNames.map((name, at) => [name, forms[(index + at) % 3] ?? '']));
}

export function coreOf(index: number): string {
  return `Cnry${createHash('sha256').update(`canary ${index}`).digest('base64url').replace(/[-_]/g, 'x').slice(0, 16)}`;
}

/** @param texts values, or parts that are in them, which need no escapes; tokens */
export function formsOf(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => {
    const bytes = Buffer.from(text);
    // Where it stands in what was encoded decides how its first and last bytes are written: these are left out.
    const base64 = [0, 1, 2].map((before) =>
      Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64')
        .slice(before === 0 ? 0 : before + 1, -4),
    );
    const digests = ['md5', 'sha1', 'sha256'].flatMap((name) => {
      const digest = createHash(name).update(text).digest();
      return [digest.toString('hex').slice(0, 16), digest.toString('base64').slice(0, 16)];
    });
    const hex = bytes.toString('hex');
    return [text, hex, hex.replace(/../g, '%$&'), hex.replace(/../g, '\\u00$&'), ...base64, ...digests];
  });
}

export class Search {
  readonly #forms: readonly string[];

  constructor(texts: readonly string[]) {
    this.#forms = formsOf(texts);
    for (const form of this.#forms) assert.ok(form.length >= 12, 'too short to be looked for');
  }

  in(text: string, where: string): void {
    const lower = text.toLowerCase();
    // What may be in capitals (hexadecimal digits) is looked for without a regard to them.
    const found = this.#forms.find((form) => text.includes(form) || lower.includes(form.toLowerCase()));
    assert.equal(found, undefined, `${where} holds a value: ${text.slice(0, 3000)}`);
    assert.doesNotMatch(text, /eyJ[\w-]{16,}/, `${where} holds a token`);
  }

  /** Every file below a folder, and its name; the program, which is there by links, left out. */
  inFolder(folder: string): void {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      this.in(entry.name, `the name ${file}`);
      if (entry.isDirectory()) this.inFolder(file);
      else if (entry.isFile()) this.in(readFileSync(file, 'latin1'), file);
    }
  }

  /** The arguments of a process and of those that it has started, which everybody on the machine can read. Linux only. @returns how many characters */
  inArguments(pid: number): number {
    const text = readText(`/proc/${pid}/cmdline`);
    this.in(text, `the command line of ${pid}`);
    const children = readText(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
    return children.reduce((sum, child) => sum + this.inArguments(child), text.length);
  }
}

/** Nothing where it is not there, or not any more. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @returns what to look for */
export function plant({ secrets, inside }: Arena, side: 'vault' | 'key-vault'): readonly string[] {
  for (const [index, secret] of secrets.entries())
    inside[side].write(secret, canaryFields(secret, index), { owner: 'team' });
  return secrets.map((_secret, index) => coreOf(index));
}
