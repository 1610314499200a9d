/** Takes a lock again and again, and is killed in the end while it has it: see lock-file.test.ts. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { lockFile, OutputInUseError } from '../../src/synth/lock-file.ts';

const [, , folder = ''] = process.argv;
const log = path.join(folder, 'log');
let left = 200;
for (const until = Date.now() + 1000; left > 0 && Date.now() < until;) {
  let unlock: () => void;
  try {
    unlock = lockFile(path.join(folder, 'lock'), 'another has it');
  } catch (error) {
    if (error instanceof OutputInUseError) continue;
    throw error;
  }
  appendFileSync(log, `taken ${process.pid}\n`);
  left -= 1;
  appendFileSync(log, `left ${process.pid}\n`);
  if (left === 0) process.kill(process.pid, 'SIGKILL');
  unlock();
}
