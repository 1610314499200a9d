/** A lock that is a file with the process id of its holder. What it guards is renamed into place at its end, and so is safe even without it. */
import { linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 500;

export async function withLock(file: string, onWait: () => void, work: () => Promise<void>): Promise<void> {
  for (let told = false; !take(file); told = true) {
    if (!told) onWait();
    await wait(pollMs);
  }
  try {
    await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  // Written beside it and linked: whoever sees the file sees the process id in it.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch {
    if (!isHeld(file)) rmSync(file, { force: true });
    return false;
  } finally {
    unlinkSync(own);
  }
}

function isHeld(file: string): boolean {
  try {
    return isProcess(Number(readFileSync(file, 'utf8')));
  } catch {
    // Given back just now.
    return false;
  }
}

export function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is someone else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
