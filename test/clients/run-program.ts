/**
 * Runs one client program and turns what it prints into subtests. It prints JSON, one object a line: a step with its outcome, a question to
 * the runner (answered by one line on its standard input), and at the end how many steps there were.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { preparedFile } from './environments.ts';
import type { Prepared } from './environments.ts';

/**
 * @property env beside PATH and the like: the rest of the environment, with its proxies and tokens, is not for the program
 * @property answer what the program asks the runner to do to its server
 * @property secrets masked where a failing step tells what it compared
 */
export type Program = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly answer?: (question: string) => void | Promise<void>;
  readonly secrets: readonly string[];
};

type Line =
  | { readonly step: string; readonly ok: boolean; readonly error?: string }
  | { readonly ask: string }
  | { readonly done: number };

const inherited = ['PATH', 'HOME', 'USERPROFILE', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot'];
const timeoutMs = 240_000;

/** @returns all that the program printed */
export async function runProgram(t: TestContext, { command, args, env, answer, secrets }: Program): Promise<string> {
  const kept = Object.fromEntries(inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const child = spawn(command, args, {
    env: { ...kept, PYTHONDONTWRITEBYTECODE: '1', ...env },
    stdio: 'pipe',
    timeout: timeoutMs,
  });
  let [printed, complaints, steps] = ['', '', 0];
  let done: number | undefined;
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(signal ?? String(code)));
  });
  for await (const text of createInterface(child.stdout)) {
    const line = readLine(text);
    const error = 'error' in line ? mask(line.error ?? '', secrets) : undefined;
    printed += `${error ?? text}\n`;
    if ('done' in line) done = line.done;
    else if ('ask' in line) {
      await answer?.(line.ask);
      child.stdin.write('ok\n');
    } else {
      steps += 1;
      await t.test(line.step, () => assert.ok(line.ok, error ?? 'failed'));
    }
  }
  const end = await ended;
  await t.test('the program ends, and every step was told', () => {
    assert.equal(end, '0', complaints.slice(-4000));
    assert.equal(steps, done);
  });
  return printed + complaints;
}

function mask(text: string, secrets: readonly string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, '…'), text);
}

function readLine(text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return { step: 'prints JSON lines only', ok: false, error: text.slice(0, 200) };
  }
}

/** A value that was put into a store or used as a credential must show up neither in what a client prints nor in a server's log. */
export function assertNothingShown(shown: string, secrets: readonly string[]): void {
  for (const [index, secret] of secrets.entries())
    assert.ok(!shown.includes(secret), `secret ${index} of ${secrets.length} shows up`);
  assert.doesNotMatch(shown, /eyJ[\w-]{16,}\.eyJ/, 'a JSON Web Token shows up');
}

/** @throws Error where prepare.ts has not run */
export function readPrepared(): Prepared {
  try {
    return JSON.parse(readFileSync(preparedFile, 'utf8')) as Prepared;
  } catch {
    throw new Error('the clients are not prepared: npm run test:clients');
  }
}
