/**
 * Plain data as YAML, the same bytes for the same data. Kubernetes' parsers read YAML 1.1 (`no` is false, `1:30` a number), most editors
 * 1.2: every text that either would read as something else is quoted. Written here because it is nine tenths of a large synth's time with a
 * general emitter (docs/decisions/003).
 */
export function renderYaml(value: object): string {
  // Joined once at the end: a text that grows by `+=` is a tree of small ones, which the garbage collector walks until it is written.
  const out: string[] = [];
  if (Array.isArray(value)) sequence(value, '', out);
  else mapping(value as Record<string, unknown>, '', '', out);
  return out.join('') || (Array.isArray(value) ? '[]\n' : '{}\n');
}

/** @param firstIndent what the first entry is indented by, where it stands behind a "- " */
function mapping(map: Record<string, unknown>, firstIndent: string, indent: string, out: string[]): void {
  let lead = firstIndent;
  for (const key of Object.keys(map)) {
    const value = map[key];
    if (value === undefined) continue;
    out.push(lead, scalar(key), ':');
    node(value, indent, out);
    lead = indent;
  }
}

function sequence(items: readonly unknown[], indent: string, out: string[]): void {
  for (const item of items)
    if (isMap(item)) {
      const before = out.push(indent, '- ');
      mapping(item, '', `${indent}  `, out);
      if (out.length === before) out.push('{}\n');
    } else {
      out.push(indent, '-');
      node(item, indent, out);
    }
}

/** What stands behind `key:` or `-`, line break included. */
function node(value: unknown, indent: string, out: string[]): void {
  if (typeof value === 'string') {
    if (value.includes('\n') && BLOCK.test(value)) block(value, `${indent}  `, out);
    else out.push(' ', scalar(value), '\n');
  } else if (Array.isArray(value)) {
    out.push(value.length === 0 ? ' []\n' : '\n');
    sequence(value, `${indent}  `, out);
  } else if (isMap(value)) {
    const before = out.push('\n');
    mapping(value, `${indent}  `, `${indent}  `, out);
    if (out.length === before) out[before - 1] = ' {}\n';
  } else out.push(' ', scalar(value), '\n');
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Several lines of printable text: the first neither empty nor indented, at most one line break at the end. */
const BLOCK = /^[^\s\p{C}\u2028\u2029][^\p{C}\u2028\u2029]*(?:\n+[^\p{C}\u2028\u2029]+)*\n?$/u;

function block(text: string, indent: string, out: string[]): void {
  const ended = text.endsWith('\n');
  out.push(ended ? ' |\n' : ' |-\n');
  for (const line of (ended ? text.slice(0, -1) : text).split('\n'))
    if (line === '') out.push('\n');
    else out.push(indent, line, '\n');
}

/** Texts that mean themselves in YAML 1.1 and 1.2 alike; durations such as 1h0m0s among them. */
const PLAIN = /^(?:[A-Za-z/_][A-Za-z0-9_./@+-]*(?::[A-Za-z0-9_./@+-]+|:\/\/[A-Za-z0-9_./@+-]+)*|(?:\d+h)?\d+m\d+s)$/;
/** Some YAML 1.1 parsers take an exponent for a number. */
const EXPONENT = /^[eE][-+]?\d+$/;
const WORDS = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null', 'nan', 'inf']);

/** Keys and many values come again and again. Bounded, because others do not. */
const known = new Map<string, string>();
const KNOWN_TEXTS = 5000;

function scalar(value: unknown): string {
  if (typeof value === 'string') {
    const before = known.get(value);
    if (before !== undefined) return before;
    const rendered = text(value);
    if (known.size < KNOWN_TEXTS) known.set(value, rendered);
    return rendered;
  }
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw new TypeError(
    `YAML cannot hold a ${typeof value === 'number' ? 'number that is not a safe integer' : typeof value}`,
  );
}

function text(value: string): string {
  return PLAIN.test(value) && !WORDS.has(value.toLowerCase()) && !EXPONENT.test(value) ? value : quoted(value);
}

/** JSON's form of a text is YAML's, but for characters that YAML wants escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
