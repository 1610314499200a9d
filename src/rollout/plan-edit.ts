/**
 * The edits of config/applications.ts that give one application another store: the smallest ones, and everything else stays as it is to the
 * byte. They are proposals, the best first: whoever takes one loads it, and holds what it says against what was wanted, before it is written.
 */
import type { ApplicationDefinition, ChartProps, StoreName } from '../model/configuration.ts';
import type { Entry, ObjectLiteral } from './read-entries.ts';
import { findEntry, objectIn, propertyOf } from './read-entries.ts';
import type { Token, Tokens } from './tokens.ts';
import { literalText, partsOf, tokensOf } from './tokens.ts';

/** In place of what stands between two offsets of the text. */
type Edit = { readonly start: number; readonly end: number; readonly text: string };

/** @param applications as the text exports them. @returns whole texts; none where the text is not understood */
export function proposeEdits(
  text: string,
  applications: readonly ApplicationDefinition[],
  name: string,
  store: StoreName,
): string[] {
  const scanned = tokensOf(text);
  const index = applications.findIndex((one) => one.name === name);
  const application = applications[index];
  if (scanned === undefined || application === undefined) return [];
  const entry = findEntry(scanned, { name, index, of: applications.length });
  if (entry === undefined) return [];
  const proposals = [
    guidesEdit(scanned, entry, application, store),
    entry.kind === 'object' ? storeEdit(text, scanned, entry.object, store) : undefined,
    entry.kind === 'imported' ? entryInPlaceOfImport(scanned, entry, application, store) : undefined,
  ];
  return proposals.flatMap((edits) => (edits === undefined ? [] : [withEdits(text, edits)]));
}

function withEdits(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((edited, { start, end, text: inPlace }) => edited.slice(0, start) + inPlace + edited.slice(end), text);
}

/** `secretStore` in the entry's `chart.props`. */
function storeEdit(text: string, scanned: Tokens, entry: ObjectLiteral, store: StoreName): readonly Edit[] | undefined {
  const edit = propsEdit(text, scanned.tokens, entry, store);
  return edit === undefined ? undefined : [edit, ...onLinesOfItsOwn(text, scanned, entry, edit)];
}

function propsEdit(text: string, tokens: readonly Token[], entry: ObjectLiteral, store: StoreName): Edit | undefined {
  const chart = objectIn(tokens, propertyOf(tokens, entry, 'chart'));
  if (chart === undefined) return undefined;
  const quote = tokens.find(({ kind }) => kind === 'string')?.text[0] ?? "'";
  const assigned = `secretStore: ${quote}${store}${quote}`;
  const props = propertyOf(tokens, chart, 'props');
  if (props === undefined) {
    const type = propertyOf(tokens, chart, 'type');
    const end = type === undefined ? undefined : tokens[type.to - 1]?.end;
    return end === undefined ? undefined : insertion(end, `,${spaceBehind(text, tokens, chart)}props: { ${assigned} }`);
  }
  const object = objectIn(tokens, props);
  if (object === undefined) return undefined;
  const value = propertyOf(tokens, object, 'secretStore');
  if (value === undefined) {
    const space = spaceBehind(text, tokens, object);
    const isEmpty = object.close === object.open + 1;
    const at = tokens[object.open]?.end ?? 0;
    const isApart = text[at] === ' ' || space.includes('\n');
    return insertion(at, isEmpty ? ` ${assigned} ` : `${space}${assigned},${isApart ? '' : ' '}`);
  }
  const token = tokens[value.from];
  if (token === undefined || value.to !== value.from + 1 || literalText(token) === undefined) return undefined;
  const own = token.text[0] ?? quote;
  return { start: token.start, end: token.end, text: `${own}${store}${own}` };
}

/** As prettier has it in this repository. */
const LINE_LENGTH = 120;

/** Where the entry's one line grows too long: its properties on lines of their own. */
function onLinesOfItsOwn(
  text: string,
  { tokens, comments }: Tokens,
  { open, close }: ObjectLiteral,
  edit: Edit,
): readonly Edit[] {
  const [start, end] = [tokens[open]?.start ?? 0, tokens[close]?.end ?? 0];
  const lineStart = text.lastIndexOf('\n', start) + 1;
  const line = /^[^\r\n]*/.exec(text.slice(lineStart))?.[0] ?? '';
  const length = line.length + edit.text.length - (edit.end - edit.start);
  const isMoreThanALine = end > lineStart + line.length || edit.text.includes('\n');
  if (
    length <= LINE_LENGTH ||
    isMoreThanALine ||
    /^[ \t]*\/\/ prettier-ignore\r?\n$/m.test(lineBefore(text, lineStart))
  )
    return [];
  if (comments.some((comment) => comment.start > start && comment.start < end)) return [];
  const newLine = `${text[lineStart + line.length] === '\r' ? '\r' : ''}\n${/^[ \t]*/.exec(line)?.[0] ?? ''}`;
  const gap = (left: number, right: number, inPlace: string): Edit => ({
    start: tokens[left]?.end ?? 0,
    end: tokens[right]?.start ?? 0,
    text: inPlace,
  });
  const comma = tokens[close - 1]?.text === ',' ? '' : ',';
  return [
    ...partsOf(tokens, open, close).map(([from]) => gap(from - 1, from, `${newLine}  `)),
    gap(close - 1, close, comma + newLine),
  ];
}

function lineBefore(text: string, lineStart: number): string {
  return text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, lineStart);
}

function insertion(at: number, text: string): Edit {
  return { start: at, end: at, text };
}

/** What keeps properties apart in an object: a new line with its indentation, where its first one stands on a line of its own. */
function spaceBehind(text: string, tokens: readonly Token[], { open }: ObjectLiteral): string {
  const space = text.slice(tokens[open]?.end ?? 0, tokens[open + 1]?.start ?? 0);
  return /^[ \t]*(?:\/\/[^\n]*|\/\*[^\n]*\*\/)?[ \t]*\r?\n/.test(space)
    ? `${space.includes('\r\n') ? '\r' : ''}\n${/[ \t]*$/.exec(space)?.[0] ?? ''}`
    : ' ';
}

const guides = 'aiPlatformAzureConfig';
const guidesImport = new RegExp(String.raw`^//\s*(import\s*\{\s*${guides}\s*\}\s*from\s*(['"])[^'"]+\2\s*;?)\s*$`);

/** For the AI platform, the guide's: its identifier in place of an entry that says nothing more, and the import that waits in a comment. */
function guidesEdit(
  { tokens, comments }: Tokens,
  entry: Entry,
  { chart }: ApplicationDefinition,
  store: StoreName,
): readonly Edit[] | undefined {
  if (chart.type !== 'AiPlatformEngineeringChart' || store !== 'azure-keyvault-store') return undefined;
  if (entry.kind !== 'object' || !saysOnlyItsStore(chart.props)) return undefined;
  const isImported = tokens.some(({ text }) => text === guides);
  const waiting = comments.find(({ text }) => guidesImport.test(text));
  const { start, end } = entry.element;
  const inPlace: Edit = { start, end, text: guides };
  if (isImported) return [inPlace];
  const statement = guidesImport.exec(waiting?.text ?? '')?.[1];
  if (waiting === undefined || statement === undefined) return undefined;
  return [{ start: waiting.start, end: waiting.end, text: statement }, inPlace];
}

function saysOnlyItsStore(props: ChartProps | undefined): boolean {
  return Object.keys(props ?? {}).every((name) => name === 'secretStore');
}

/** The way back from an identifier that another module exports: the entry is written out, and an import that nobody needs waits again. */
function entryInPlaceOfImport(
  { tokens }: Tokens,
  entry: Extract<Entry, { kind: 'imported' }>,
  { name, namespace, chart }: ApplicationDefinition,
  store: StoreName,
): readonly Edit[] | undefined {
  const texts = [name, namespace, chart.type];
  if (!saysOnlyItsStore(chart.props) || texts.some((text) => typeof text !== 'string' || /['\\\n]/.test(text)))
    return undefined;
  const props = `props: { secretStore: '${store}' }`;
  const written = `{ name: '${name}', namespace: '${namespace}', chart: { type: '${String(chart.type)}', ${props} } }`;
  const { start, end } = entry.element;
  const uses = tokens.flatMap(({ text }, index) => (text === entry.name ? [index] : []));
  const [first = 0] = uses;
  const isAlone =
    tokens[first - 2]?.text === 'import' && tokens[first - 1]?.text === '{' && tokens[first + 1]?.text === '}';
  const statement = tokens[first - 2];
  const commented = isAlone && uses.length === 2 && statement !== undefined ? [insertion(statement.start, '// ')] : [];
  return [{ start, end, text: written }, ...commented];
}
