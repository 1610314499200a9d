/** `npm run dev` as a process of its own, on ports that are free and in a repository of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeRealConfiguration, writeRepository } from './generated-configuration.ts';

const main = path.join(path.dirname(import.meta.dirname), 'src', 'main.js');

/** @property variables what a client finds the servers by; secrets come from their files */
export type DevProcess = {
  readonly readyMs: number;
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

type Printed = {
  readonly items: readonly {
    readonly variables: readonly { readonly name: string; readonly value?: string; readonly file?: string }[];
  }[];
};

export function writeDevRepository(root: string): void {
  writeRepository(root);
  writeRealConfiguration(root);
}

/** @param only one of the servers; both without it */
export async function startDevProcess(root: string, only?: 'vault' | 'azure'): Promise<DevProcess> {
  const ports = ['--vault-port', '0', '--azure-port', '0'];
  const args = ['dev', ...ports, '--output', 'json', ...(only === undefined ? [] : ['--only', only])];
  const startMs = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let printed = '';
  child.stdout.setEncoding('utf8');
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    printed += String(chunk);
    if (printed.endsWith('\n')) break;
  }
  const readyMs = performance.now() - startMs;
  if (!printed.endsWith('\n')) throw new Error(`the embedded servers did not start:\n${printed}`);
  const variables = (JSON.parse(printed) as Printed).items.flatMap((item) => item.variables);
  return {
    readyMs,
    variables: Object.fromEntries(
      variables.map(({ name, value, file }) => [
        name,
        value ?? readFileSync(path.resolve(root, file ?? ''), 'utf8').trim(),
      ]),
    ),
    async stop() {
      child.kill();
      await ended;
    },
  };
}
