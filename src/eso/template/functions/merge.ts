/** dario.cat/mergo 1.0.2, as far as templates reach it: maps into maps, in place. */
import { Unpredictable } from '../../go-error.ts';
import type { GoValue } from '../go-value.ts';
import { isEmpty } from './emptiness.ts';
import type { Entries } from './go-function.ts';

/**
 * Without `overwrite` what is empty or absent is filled; with it everything is replaced, by nil and by what is empty too. Maps within maps are
 * merged in place; what is absent becomes the source's own, not a copy of it.
 */
export function mergeInto(destination: Entries, source: Entries, overwrite: boolean): void {
  for (const [key, value] of source) {
    const present = destination.get(key);
    if (value.kind === 'nil') {
      if (overwrite) destination.set(key, value);
      continue;
    }
    if (value.kind === 'map' && present?.kind === 'map') mergeMaps(present, value, overwrite);
    const kept = present !== undefined && !isEmpty(present);
    const merged = kept && value.kind === 'map' && present.kind === 'map';
    if (!merged && (overwrite || !kept)) destination.set(key, value);
  }
}

function mergeMaps(present: MapValue, value: MapValue, overwrite: boolean): void {
  if (present.type !== value.type) throw new Unpredictable('template', 'its template merges maps of different types');
  mergeInto(present.entries, value.entries, overwrite);
}

type MapValue = Extract<GoValue, { kind: 'map' }>;
