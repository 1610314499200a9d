/**
 * Plain data as YAML, the same bytes for the same data. Kubernetes' parsers read YAML 1.1 (`no` is false, `1:30` a number), most editors
 * 1.2: every text that either would read as something else is quoted. Written here because it is nine tenths of a large synth's time with a
 * general emitter (docs/decisions/003).
 */
export function renderYaml(value: object): string {
  const out: string[] = [];
  const entries = Array.isArray(value) ? value : definedEntries(value as Record<string, unknown>);
  if (entries.length === 0) return Array.isArray(value) ? '[]\n' : '{}\n';
  if (Array.isArray(value)) sequence(value, '', out);
  else mapping(entries as [string, unknown][], '', '', out);
  return out.join('');
}

function mapping(entries: readonly [string, unknown][], firstIndent: string, indent: string, out: string[]): void {
  let lead = firstIndent;
  for (const [key, value] of entries) {
    out.push(lead, scalar(key), ':');
    lead = indent;
    node(value, indent, out);
  }
}

function sequence(items: readonly unknown[], indent: string, out: string[]): void {
  for (const item of items) {
    out.push(indent, '-');
    const entries = isMap(item) ? definedEntries(item) : [];
    if (entries.length > 0) {
      out.push(' ');
      mapping(entries, '', `${indent}  `, out);
    } else node(item, indent, out);
  }
}

/** What stands behind `key:` or `-`, line break included. */
function node(value: unknown, indent: string, out: string[]): void {
  if (Array.isArray(value)) {
    if (value.length === 0) out.push(' []\n');
    else {
      out.push('\n');
      sequence(value, `${indent}  `, out);
    }
  } else if (isMap(value)) {
    const entries = definedEntries(value);
    if (entries.length === 0) out.push(' {}\n');
    else {
      out.push('\n');
      mapping(entries, `${indent}  `, `${indent}  `, out);
    }
  } else if (typeof value === 'string' && value.includes('\n') && BLOCK.test(value)) block(value, `${indent}  `, out);
  else out.push(' ', scalar(value), '\n');
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function definedEntries(value: Record<string, unknown>): [string, unknown][] {
  return Object.entries(value).filter(([, element]) => element !== undefined);
}

/** Several lines of printable text: the first neither empty nor indented, at most one line break at the end. */
const BLOCK = /^[^\s\p{C}\u2028\u2029][^\p{C}\u2028\u2029]*(?:\n+[^\p{C}\u2028\u2029]+)*\n?$/u;

function block(text: string, indent: string, out: string[]): void {
  const ended = text.endsWith('\n');
  out.push(ended ? ' |\n' : ' |-\n');
  for (const line of (ended ? text.slice(0, -1) : text).split('\n')) out.push(line === '' ? '' : indent + line, '\n');
}

/** Texts that mean themselves in YAML 1.1 and 1.2 alike; durations such as 1h0m0s among them. */
const PLAIN = /^(?:[A-Za-z/_][A-Za-z0-9_./@+-]*(?::[A-Za-z0-9_./@+-]+|:\/\/[A-Za-z0-9_./@+-]+)*|(?:\d+h)?\d+m\d+s)$/;
const WORDS = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null', 'nan', 'inf']);

function scalar(value: unknown): string {
  if (typeof value === 'string') return PLAIN.test(value) && !WORDS.has(value.toLowerCase()) ? value : quoted(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw new TypeError(
    `YAML cannot hold a ${typeof value === 'number' ? 'number that is not a safe integer' : typeof value}`,
  );
}

/** JSON's form of a text is YAML's, but for characters that YAML wants escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
