/** Values that come from a file or from standard input: read whole, as they are, and never named in a message. */
import { readFileSync, statSync } from 'node:fs';
import type { Secret } from '../model/platform.ts';
import { UsageError } from '../model/problem.ts';
import { SecretValue } from '../model/secret-value.ts';
import { parseValues } from '../set-secrets/given-values.ts';
import { fieldsOf } from '../set-secrets/lacking-fields.ts';
import type { GivenField, GivenFields } from '../set-secrets/set-secret-item.ts';
import type { CommandContext } from './command.ts';
import type { SetSecretsOptions } from './set-secrets-options.ts';

type Reading = Pick<CommandContext, 'stdin' | 'note'>;

/** @returns nothing where no source is given. @throws UsageError */
export async function readSources(
  { secrets, field, fromFile, values }: SetSecretsOptions,
  reading: Reading,
): Promise<GivenFields> {
  const [secret] = secrets;
  const file = fromFile ?? values;
  if (secret === undefined || file === undefined) return new Map();
  const option = fromFile === undefined ? '--values' : '--from-file';
  const text = decode(option, file === '-' ? await readStdin(option, reading) : readFile(option, file, reading));
  const from = file === '-' ? 'standard input' : 'file';
  if (values === undefined) {
    const name = field ?? fieldsOf(secret)[0]?.name ?? '';
    return new Map<string, GivenField>([[name, { value: new SecretValue(text), from }]]);
  }
  return ofValues(secret, text, from);
}

function ofValues(secret: Secret, text: string, from: GivenField['from']): GivenFields {
  const parsed = parseValues(secret, text);
  if (parsed.kind === 'wrong')
    throw new UsageError(
      `--values: ${parsed.problems.join('; ')}`,
      'Nothing was written. It looks like {"FIELD": "…"}.',
    );
  return new Map([...parsed.values].map(([name, value]) => [name, { value, from }]));
}

async function readStdin(option: string, { stdin }: Reading): Promise<Uint8Array> {
  if (process.stdin.isTTY)
    throw new UsageError(
      `${option}: standard input is this terminal, which would show what you type`,
      'Leave it out: you are asked, and nothing is shown. Or pipe the value in.',
    );
  return stdin();
}

/** The name of the file is not told: it may be a value that was put there by mistake. */
function readFile(option: string, file: string, { note }: Reading): Uint8Array {
  try {
    const stat = statSync(file);
    if (stat.isFile() && (stat.mode & 0o077) !== 0 && process.platform !== 'win32')
      note(
        `${option}: others on this machine may read that file; chmod 600 keeps them out, and deleting it afterwards is best`,
      );
    return readFileSync(file);
  } catch (error) {
    const words: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such file',
      ENOTDIR: 'there is no such file',
      EACCES: 'that file may not be read',
      EISDIR: 'that is a folder',
    };
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${option}: ${words[code] ?? 'that file cannot be read'}`,
      'Give the path of a file, or - for standard input. A value itself does not belong into a command.',
    );
  }
}

function decode(option: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(
      `${option}: that is not UTF-8, and stores hold texts`,
      'Binary content is stored as base64: base64 -w0 <file>',
    );
  }
}
