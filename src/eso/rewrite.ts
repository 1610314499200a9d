/** dataFrom[].rewrite: ESO's RewriteMap. */
import { byteValue } from './byte-value.ts';
import { GoError, Unpredictable } from './go-error.ts';
import type { GoString } from './go/go-string.ts';
import { goString } from './go/go-string.ts';
import { marshal, unmarshalMap } from './go/json.ts';
import { quote } from './go/quote.ts';
import { compileRegexp } from './go/regexp.ts';
import { shownText } from './go/runes.ts';
import { onlyFailure } from './only-failure.ts';
import type { Rewrite } from './resources.ts';
import type { GoValue } from './template/go-value.ts';

type SecretMap = ReadonlyMap<GoString, GoString>;
type Merge = NonNullable<Rewrite['merge']>;

const parseFailure = 'failed to parse template: ';

/**
 * Evaluates a transform's template for a key (`.value`). It throws the GoError of the template package where the operator's would fail, with
 * the operator's words before it (`failed to parse template: `, `failed to execute template for key "…": `).
 */
export type RenderKey = (template: string, key: GoString) => GoString;

/**
 * @throws GoError as the operator's (`failed rewrite operation[0]: …`, without a prefix); Unpredictable where the order in which it goes
 * through a map decides which value a key gets, or which error is reported
 */
export function rewriteMap(
  rewrites: readonly Rewrite[],
  map: SecretMap,
  renderKey: RenderKey,
): Map<GoString, GoString> {
  let rewritten = new Map(map);
  for (const [index, rewrite] of rewrites.entries()) {
    try {
      rewritten = applyRewrite(rewrite, rewritten, renderKey);
    } catch (error) {
      throw error instanceof GoError ? error.wrap(`failed rewrite operation[${String(index)}]: `, 'rewrite') : error;
    }
  }
  return rewritten;
}

function applyRewrite(
  { merge, regexp, transform }: Rewrite,
  map: SecretMap,
  renderKey: RenderKey,
): Map<GoString, GoString> {
  if (merge !== undefined) return mergeValues(merge, map);
  if (regexp !== undefined) {
    const { source, target } = regexp;
    const compiled = prefixed('regexp failed with failed to compile: ', () => compileRegexp(source));
    return renameKeys(map, (key) => compiled.replaceAll(key, goString(target)));
  }
  if (transform === undefined) return new Map(map);
  return transformKeys(transform.template, map, renderKey);
}

function transformKeys(template: string, map: SecretMap, renderKey: RenderKey): Map<GoString, GoString> {
  const rename = (key: GoString): GoString => prefixed('transform failed with ', () => renderKey(template, key));
  // Without a key the template is parsed all the same.
  if (map.size === 0) {
    try {
      rename(goString(''));
    } catch (error) {
      if (!(error instanceof GoError) || error.text.reveal().startsWith(`transform failed with ${parseFailure}`))
        throw error;
    }
  }
  return renameKeys(map, rename);
}

/** Of keys that become one, that of which the operator goes through last stays, and that is another each time. */
function renameKeys(map: SecretMap, rename: (key: GoString) => GoString): Map<GoString, GoString> {
  const renamed = new Map<GoString, GoString>();
  const failures: GoError[] = [];
  let collision: GoString | undefined;
  for (const [key, value] of map) {
    try {
      const name = rename(key);
      if ((renamed.get(name) ?? value) !== value) collision = name;
      renamed.set(name, value);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      failures.push(error);
    }
  }
  const failure = onlyFailure(failures, 'several of its keys cannot be rewritten');
  if (failure !== undefined) throw failure;
  if (collision !== undefined)
    throw new Unpredictable('map-order', `its rewrite gives several values the key ${shownText(collision)}`);
  return renamed;
}

/** Every value is a JSON object; their fields become one. */
function mergeValues(merge: Merge, map: SecretMap): Map<GoString, GoString> {
  const merged = new Map<GoString, GoValue>();
  /** As they are met, a field twice where it is in three values. */
  const conflicts: GoString[][] = [];
  for (const key of mergeOrder(merge, map)) {
    const value = map.get(key);
    if (value === undefined) {
      if (merge.priorityPolicy === 'IgnoreNotFound') continue;
      throw new GoError(`merge failed with key ${shownText(quote(key))} not found in input map`);
    }
    const fields = prefixed('merge failed with failed to unmarshal JSON: ', () => unmarshalMap(value));
    conflicts.push([...fields.keys()].filter((name) => merged.has(name)));
    for (const [name, field] of fields) merged.set(name, field);
  }
  if (merge.conflictPolicy !== 'Ignore') refuseConflicts(conflicts);
  if (merge.strategy === 'JSON') {
    if (merge.into === '') throw new GoError("merge failed with missing 'into' field");
    const entries = { kind: 'map', type: 'map[string]interface {}', entries: merged } as const;
    return new Map([...map, [goString(merge.into), marshal(entries, { escapeHtml: false })]]);
  }
  return new Map([...merged].map(([name, value]) => [name, byteValue(value)]));
}

/** By their bytes, and behind the others those with priority, as they are listed: what comes later counts. */
function mergeOrder({ priority }: Merge, map: SecretMap): GoString[] {
  const last = priority.map(goString);
  return [...[...map.keys()].filter((key) => !last.includes(key)).toSorted((a, b) => (a < b ? -1 : 1)), ...last];
}

function refuseConflicts(conflicts: readonly (readonly GoString[])[]): void {
  if (conflicts.some((names) => names.length > 1))
    throw new Unpredictable('map-order', 'its merge meets several conflicts, and the operator names them in any order');
  const names = conflicts.flat();
  if (names.length > 0) throw new GoError(`merge failed with conflicts: ${names.map(shownText).join(', ')}`);
}

function prefixed<T>(before: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof GoError ? error.wrap(before) : error;
  }
}
