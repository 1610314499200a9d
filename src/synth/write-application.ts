/** Writes one application's files and says what they then look like. Synchronous: for small files Node's asynchronous calls take twice as long. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { stampApplication } from './output-state.ts';
import type { OutputFile } from './plan-output.ts';

/** @param name the application's; undefined for files that belong to none, which get no stamp */
export type WriteRequest = { readonly name: string | undefined; readonly files: readonly OutputFile[] };
export type Stamps = ReadonlyMap<string, string>;

export function writeApplications(
  folder: string,
  requests: readonly WriteRequest[],
  stamps: Map<string, string>,
): void {
  for (const { name, files } of requests) {
    const manifests: string[] = [];
    let made: string | undefined;
    for (const { path, text } of files) {
      const slash = path.lastIndexOf('/');
      const parent = slash === -1 ? folder : `${folder}/${path.slice(0, slash)}`;
      if (parent !== made) mkdirSync(parent, { recursive: true });
      made = parent;
      if (slash !== -1) manifests.push(path.slice(slash + 1));
      writeFileSync(`${folder}/${path}`, text);
    }
    const stamp = name === undefined ? undefined : stampApplication(folder, name, manifests);
    if (name !== undefined && stamp !== undefined) stamps.set(name, stamp);
  }
}

export function stampApplications(folder: string, names: readonly string[]): Map<string, string> {
  const stamps = new Map<string, string>();
  for (const name of names) {
    const stamp = stampApplication(folder, name);
    if (stamp !== undefined) stamps.set(name, stamp);
  }
  return stamps;
}
