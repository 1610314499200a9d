/** The documents of a YAML or JSON text, and what keeps one from being read. Messages quote nothing of the text. */
import type { Document, ErrorCode, Node, ParsedNode } from 'yaml';
import { isCollection, isMap, LineCounter, parseAllDocuments } from 'yaml';
import type { ProblemCode } from '../model/problem.ts';
import { manifestYaml } from './yaml-schema.ts';

export type YamlEntry =
  /** `value` is plain data. */
  | { readonly kind: 'document'; readonly contents: Node; readonly value: unknown }
  | {
      readonly kind: 'unreadable';
      readonly code: ProblemCode;
      /** Of the fault, and from where to where the document goes. */
      readonly offset: number;
      readonly from: number;
      readonly to: number;
      readonly because: string;
      readonly hint: string;
    };

export type YamlDocuments = {
  /** Without empty ones. */
  readonly entries: readonly YamlEntry[];
  readonly placeOf: (offset: number) => { readonly line: number; readonly column: number };
};

export function readYamlDocuments(text: string): YamlDocuments {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { ...manifestYaml, lineCounter: lines });
  const documents = 'empty' in parsed ? [] : parsed;
  return {
    entries: documents.flatMap((document) => entryOf(document, text) ?? []),
    placeOf: (offset) => {
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    },
  };
}

function entryOf(document: Document.Parsed, text: string): YamlEntry | undefined {
  const { contents, range } = document;
  const unreadable = (code: ProblemCode, offset: number, because: string, hint = mendSyntax): YamlEntry => ({
    kind: 'unreadable',
    code,
    offset,
    from: range[0],
    to: range[2],
    because,
    hint,
  });
  if (isHelmTemplate(document, text))
    return unreadable('M105', firstAction(document, text), 'is a Helm template, not YAML', renderFirst);
  const fault = document.errors[0];
  if (fault !== undefined)
    return unreadable(fault.code === 'DUPLICATE_KEY' ? 'M103' : 'M102', fault.pos[0], reasons[fault.code]);
  if (contents === null) return undefined;
  try {
    const value: unknown = document.toJS();
    return value === null ? undefined : { kind: 'document', contents, value };
  } catch {
    // An alias without its anchor, or more aliases than any manifest has. The library's error may quote the text.
    return unreadable('M102', contents.range[0], 'has an alias (*name) that leads nowhere or too far');
  }
}

const renderFirst = 'Render it first: helm template <chart> | npm run <command> -- -';

/**
 * Whether a document is a template of Helm's rather than YAML: an action outside of quotes and block texts makes a map whose key is a map
 * (`name: {{ .Values.name }}`), or no YAML at all. Templates of an ExternalSecret stand inside of texts.
 */
function isHelmTemplate(document: Document.Parsed, text: string): boolean {
  if (document.errors.length > 0) {
    const [from, to] = [document.range[0], document.range[2]];
    return ACTION.test(text.slice(from, to));
  }
  return holdsAction(document.contents, 0);
}

function holdsAction(node: ParsedNode | null | undefined, depth: number): boolean {
  if (!isCollection(node) || depth > MAX_DEPTH) return false;
  if (isMap(node))
    return node.items.some(
      ({ key, value }) => (node.flow === true && isMap(key) && key.flow === true) || holdsAction(value, depth + 1),
    );
  return node.items.some((item) => holdsAction(item, depth + 1));
}

/** Where a text would need quotes, or what only Helm knows. */
const ACTION =
  /^\s*(?:- )?\{\{|:[ \t]+\{\{|\{\{-?\s*(?:\.(?:Values|Release|Chart)\b|(?:include|if|range|with|define|template|end)\b)/m;

const MAX_DEPTH = 100;

function firstAction(document: Document.Parsed, text: string): number {
  const at = text.indexOf('{{', document.range[0]);
  return at === -1 ? document.range[0] : at;
}

const mendSyntax = 'Correct the file; the other documents were read.';

/** The parser's reasons in words that quote nothing of the text: it may be the value of a Secret. */
const reasons: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias has an anchor or a tag',
  BAD_ALIAS: 'an alias or anchor is not well-formed',
  BAD_COLLECTION_TYPE: 'a tag does not fit the list or object behind it',
  BAD_DIRECTIVE: 'a % directive is not known',
  BAD_DQ_ESCAPE: 'a text in double quotes has an escape that YAML does not know',
  BAD_INDENT: 'the indentation is wrong',
  BAD_PROP_ORDER: 'an anchor or tag is in the wrong place',
  BAD_SCALAR_START: 'a text without quotes begins with a reserved character',
  BLOCK_AS_IMPLICIT_KEY: 'a key and its value stand where only a value may: a colon too many, or a line break missing',
  BLOCK_IN_FLOW: 'an indented list or object stands inside of brackets or braces',
  DUPLICATE_KEY: 'a key is given twice in one object',
  IMPOSSIBLE: 'it is not YAML',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a closing quote, bracket, brace, colon or comma is missing',
  MULTILINE_IMPLICIT_KEY: 'a key goes over more than one line: a colon is missing, or the indentation is wrong',
  MULTIPLE_ANCHORS: 'a value has two anchors',
  MULTIPLE_DOCS: 'there is more than one document',
  MULTIPLE_TAGS: 'a value has two tags',
  NON_STRING_KEY: 'a key is not a text',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'a tab is used to indent',
  TAG_RESOLVE_FAILED: 'a tag does not fit its value',
  UNEXPECTED_TOKEN: 'something stands where nothing may: the indentation, a quote or a bracket before it is wrong',
};
