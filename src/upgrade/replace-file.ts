/** Writes a file whole or not at all, and only where it is still what was read. */
import { randomUUID } from 'node:crypto';
import { chmod, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * The file keeps its mode; a symbolic link keeps leading to it. A reader sees the old text or the new one.
 * @returns `changed` where the file holds another text by now: nothing is written then
 * @throws what the file system says, with the old text in place
 */
export async function replaceFile(file: string, before: string, after: string): Promise<'written' | 'changed'> {
  const target = await realpath(file);
  if (!Buffer.from(before, 'utf8').equals(await readFile(target))) return 'changed';
  const { mode } = await stat(target);
  const staged = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}`);
  try {
    const handle = await open(staged, 'wx', mode);
    try {
      await handle.writeFile(after, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    // What `open` was given is narrowed by the process's umask.
    await chmod(staged, mode);
    await rename(staged, target);
    return 'written';
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
}
