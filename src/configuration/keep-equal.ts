/**
 * Keeps what did not change: entries that say the same as before are replaced by the objects of before, so that whatever is remembered of an
 * object (that its shape is right, what it resolves to) holds for them. Pure.
 */

/** @returns `now`, with the entries of `before` where they are equal; `before` itself where all are, in the same order */
export function keepEqual(before: unknown, now: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(now)) {
    const earlier = before as readonly unknown[];
    const kept = now.map((entry: unknown, index) => (isEqual(earlier[index], entry) ? earlier[index] : entry));
    return kept.length === earlier.length && kept.every((entry, index) => entry === earlier[index]) ? before : kept;
  }
  if (!isPlain(before) || !isPlain(now)) return now;
  const names = Object.keys(now);
  const kept: Record<string, unknown> = {};
  let isSame = names.length === Object.keys(before).length;
  for (const name of names) {
    const entry = isEqual(before[name], now[name]) ? before[name] : now[name];
    if (name === '__proto__') return now;
    kept[name] = entry;
    isSame &&= entry === before[name];
  }
  return isSame && Object.keys(before).every((name, index) => name === names[index]) ? before : kept;
}

/** Plain data that says the same, in the same order; anything else is equal only to itself. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    const other = b as readonly unknown[];
    return a.length === other.length && a.every((entry, index) => isEqual(entry, other[index]));
  }
  if (!isPlain(a) || !isPlain(b)) return false;
  const names = Object.keys(b);
  let index = 0;
  // Walked without a list of its own: there are a hundred thousand objects. What it inherits is nothing, as isPlain says.
  for (const name in a) {
    if (name !== names[index]) return false;
    const value = a[name];
    const other = b[name];
    if (value !== other && !isEqual(value, other)) return false;
    index += 1;
  }
  return index === names.length;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
