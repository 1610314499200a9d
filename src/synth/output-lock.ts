/** One writer at a time for each environment's output. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OutputError } from '../model/problem.ts';

/** @returns a function that gives the lock back */
export function lockOutput(dist: string, environment: string): () => void {
  const file = path.join(dist, `.lockstep-${environment}.lock`);
  mkdirSync(dist, { recursive: true });
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST' || attempt > 0) throw inUse(file, error);
      if (isAlive(holder(file))) throw inUse(file, error);
      // Its holder was killed.
      rmSync(file, { force: true });
    }
  }
}

function holder(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** Another process is writing; it will be done before long. */
export class OutputInUseError extends OutputError {}

function inUse(file: string, cause: unknown): OutputInUseError {
  return new OutputInUseError(
    `another synth is writing this environment (process ${holder(file)})`,
    `Wait for it to end. If none is running, remove ${file}.`,
    cause,
  );
}
