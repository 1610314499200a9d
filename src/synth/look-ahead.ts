import path from 'node:path';
import { outputFolder } from './output-folder.ts';
import { readOutputState } from './output-state.ts';
import type { OutputWriter } from './output-writer.ts';
import { createOutputWriter, deservesThread } from './output-writer.ts';
import type { Stamps } from './write-application.ts';

/** A look at the output that was begun before the configuration was loaded. */
export type Ahead = { readonly environment: string; readonly writer: OutputWriter; readonly stamps: Promise<Stamps> };

/**
 * Begins to look at what the last run wrote, on a thread of its own, while the configuration is being loaded. What changes in between is
 * seen, since it then differs from what was remembered. Undefined where there is too little to look at.
 */
export function lookAhead(
  { dist, memory, program }: { readonly dist: string; readonly memory: string; readonly program: string },
  environment: string,
): Ahead | undefined {
  const names = Object.keys(readOutputState(path.join(memory, `${environment}.json`), program));
  if (!deservesThread(names.length)) return undefined;
  const writer = createOutputWriter(names.length);
  return { environment, writer, stamps: writer.stamps(outputFolder(dist, environment).output, names) };
}
