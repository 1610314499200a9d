/** Where `adopt` writes. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OutputError } from '../model/problem.ts';

/** As seen from the folder, which takes the place of config/ or lies beside it. */
export function definePath(into: string, root: string): string {
  const relative = path.relative(path.resolve(into), path.join(root, 'src', 'model', 'define')).replaceAll('\\', '/');
  return into === '' || path.relative(root, path.resolve(into)).startsWith('..') ? '../src/model/define' : relative;
}

/** What a person has written there since is not overwritten. @throws OutputError */
export async function writeNewFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of files) {
    const file = path.join(folder, name);
    if (existsSync(file) && (await readFile(file, 'utf8')) !== text)
      throw new OutputError(
        `${file} is there already, and says something else`,
        'Give another folder with --into, or move it away.',
      );
  }
  await mkdir(folder, { recursive: true });
  for (const [name, text] of files) await writeFile(path.join(folder, name), text);
}
