/** Regular expressions of stores and entries, which thousands of ExternalSecrets share. */
import { GoError } from './go-error.ts';
import { goString } from './go/go-string.ts';
import type { GoRegexp } from './go/regexp.ts';
import { compileRegexp } from './go/regexp.ts';

const maximumCached = 1000;
const cached = new Map<string, GoRegexp>();

/**
 * @param before what the operator puts before the error
 * @throws GoError for what Go does not compile; Unpredictable for what is not evaluated here
 */
export function cachedRegexp(source: string, before = ''): GoRegexp {
  const known = cached.get(source);
  if (known !== undefined) return known;
  let compiled;
  try {
    compiled = compileRegexp(source);
  } catch (error) {
    throw error instanceof GoError ? error.wrap(before) : error;
  }
  if (cached.size >= maximumCached) cached.clear();
  cached.set(source, compiled);
  return compiled;
}

/** For the names that a find lists. One that does not compile matches none: what the operator says of it is each store's own. */
export function nameMatcher(source: string): (name: string) => boolean {
  try {
    const regexp = cachedRegexp(source);
    return (name) => regexp.test(goString(name));
  } catch (error) {
    if (error instanceof GoError) return () => false;
    throw error;
  }
}
