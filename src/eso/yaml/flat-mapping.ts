/**
 * YAML as platforms write it, read as go.yaml.in/yaml/v2 does: one block mapping that is not indented, of scalars in all their styles and of
 * JSON. The errors that a value brings about when it is put into such a text unquoted are told exactly.
 */
import { SecretValue } from '../../model/secret-value.ts';
import type { GoError } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { readBlockScalar } from './block-scalar.ts';
import { readFlow } from './flow.ts';
import { readQuoted } from './quoted-scalar.ts';
import type { YamlNode, YamlScalar } from './yaml-node.ts';
import { longestKey, notFollowed, nullNode, parserError, scannerError, yamlError } from './yaml-node.ts';

export type Entry = readonly [key: YamlScalar, value: YamlNode];
/** The document is none of these, whatever it is. */
export class NotFlat extends Error {}

/** @param text with `\n` as its only line breaks
 * @throws NotFlat where the document is another; GoError; Unpredictable */
export function readFlatMapping(text: GoString): Entry[] {
  return new Reader(text).read();
}

class Reader {
  readonly #lines: readonly string[];
  #line = 0;
  readonly #entries: Entry[] = [];

  constructor(text: GoString) {
    this.#lines = text.split('\n');
  }

  read(): Entry[] {
    this.#skip();
    if (/^---[ \t]*$/.test(this.#current())) {
      this.#line += 1;
      this.#skip();
    }
    while (this.#line < this.#lines.length) {
      const line = this.#current();
      // What follows the document is not looked at.
      if (/^(---|\.\.\.)([ \t]|$)/.test(line)) {
        if (this.#entries.length === 0) throw new NotFlat();
        break;
      }
      this.#readEntry(line);
      this.#skip();
    }
    return this.#entries;
  }

  #current(): string {
    return this.#lines[this.#line] ?? '';
  }

  /** To the next line that has something: neither blank nor a comment. */
  #skip(): void {
    while (this.#line < this.#lines.length && /^ *(#.*)?$/s.test(this.#current())) this.#line += 1;
  }

  #readEntry(line: string): void {
    const { key, rest } = this.#readKey(line);
    if (key.value.length > longestKey) throw notFollowed();
    this.#entries.push([key, this.#readValue(rest)]);
  }

  #readKey(line: string): { readonly key: YamlScalar; readonly rest: string } {
    if (line.startsWith('"') || line.startsWith("'")) {
      const quoted = readQuoted(line, this.#line);
      const [, rest] = quoted === undefined ? [] : (/^[ \t]*:(?=[ \t]|$)(.*)$/s.exec(line.slice(quoted.end)) ?? []);
      if (quoted === undefined || rest === undefined) throw new NotFlat();
      return { key: { kind: 'scalar', value: quoted.value, plain: false }, rest };
    }
    // A plain key begins with no indicator, and ends before a colon that a space follows.
    const [whole, name = '', rest = ''] =
      /^((?![?:-](?:[ \t]|$)|[\s,[\]{}#&*!|>%@`])(?:(?![ \t]#|:(?:[ \t]|$)).)*):(?=[ \t]|$)(.*)$/s.exec(line) ?? [];
    if (whole !== undefined) return { key: plainKey(name.replace(/[ \t]+$/, '')), rest };
    if (this.#entries.length > 0 && /^[^?:\s,[\]{}#&*!|>%@`"'-]|^[?:-][^ \t]/.test(line)) throw this.#noKey(line);
    throw new NotFlat();
  }

  /** A line at the keys' place that has no colon: the line where that is noticed is the next that is not blank. */
  #noKey(line: string): GoError {
    if (/[\t#:]/.test(line)) throw notFollowed();
    this.#line += 1;
    while (this.#line < this.#lines.length - 1 && /^ *$/.test(this.#current())) this.#line += 1;
    const next = this.#current();
    // More indented, it would be a part of the same scalar.
    if (/^[ \t]/.test(next)) throw notFollowed();
    return scannerError(this.#line, "could not find expected ':'");
  }

  #readValue(behind: string): YamlNode {
    const tagged = /^[ \t]+!!(binary|str)(?=[ \t]|$)(.*)$/s.exec(behind);
    const tag = tagged?.[1] as 'binary' | 'str' | undefined;
    // What no value can be is another error behind a tag.
    if (tag !== undefined && /^[ \t]*[,\]}*]/.test(tagged?.[2] ?? '')) throw notFollowed();
    const node = this.#readUntagged(tagged?.[2] ?? behind);
    if (tag === undefined) return node;
    if (node.kind !== 'scalar') throw notFollowed();
    return { ...node, tag };
  }

  #readUntagged(behind: string): YamlNode {
    const value = behind.replace(/^[ \t]+/, '');
    if (value === '' || (value.startsWith('#') && value !== behind)) return this.#readNothing();
    const first = value.charAt(0);
    switch (first) {
      case '"':
      case "'":
        return this.#readQuoted(value);
      case '|':
      case '>':
        return this.#readBlock(value);
      case '{':
      case '[':
        return this.#readFlow(value);
      case '@':
      case '`':
      case '%':
        throw scannerError(this.#line, 'found character that cannot start any token');
      case ',':
      case ']':
      case '}':
        throw parserError(this.#line, 'did not find expected node content');
      case '*':
        throw this.#alias(value);
      case '&':
      case '!':
        throw new NotFlat();
      case '-':
        if (/^-([ \t]|$)/.test(value))
          throw scannerError(this.#line, 'block sequence entries are not allowed in this context');
        break;
      case '?':
        if (/^\?([ \t]|$)/.test(value)) throw scannerError(this.#line, 'mapping keys are not allowed in this context');
        break;
      case ':':
        if (/^:([ \t]|$)/.test(value)) throw notFollowed();
    }
    return this.#readPlain(value);
  }

  /** Null, unless what follows is nested. */
  #readNothing(): YamlScalar {
    this.#line += 1;
    this.#skip();
    if (/^([ \t]|-([ \t]|$))/.test(this.#current())) throw new NotFlat();
    return nullNode;
  }

  #readPlain(first: string): YamlScalar {
    let value = this.#plainLine(first);
    // A comment ends it.
    while (value.ended === undefined) {
      let next = this.#line + 1;
      while (next < this.#lines.length && /^ *$/.test(this.#lines[next] ?? '')) next += 1;
      const [, content] = /^ +(?! )(.*)$/s.exec(this.#lines[next] ?? '') ?? [];
      if (content === undefined) {
        if ((this.#lines[next] ?? '').startsWith('\t')) throw notFollowed();
        break;
      }
      if (/^([#\t]|:([ \t]|$))/.test(content)) throw notFollowed();
      const breaks = next - this.#line;
      this.#line = next;
      const { text, ended } = this.#plainLine(content);
      value = { text: `${value.text}${breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)}${text}`, ended };
    }
    this.#line += 1;
    if (value.ended !== undefined) {
      this.#skip();
      if (/^[ \t]/.test(this.#current())) throw notFollowed();
    }
    return { kind: 'scalar', value: asGoString(value.text), plain: true };
  }

  #plainLine(content: string): { readonly text: string; readonly ended: true | undefined } {
    const comment = content.search(/[ \t]#/);
    const text = comment < 0 ? content : content.slice(0, comment);
    if (/:([ \t]|$)/.test(text)) throw scannerError(this.#line, 'mapping values are not allowed in this context');
    return { text: text.replace(/[ \t]+$/, ''), ended: comment < 0 ? undefined : true };
  }

  #readQuoted(value: string): YamlScalar {
    const onLine = readQuoted(value, this.#line);
    const rest = onLine === undefined ? this.#from(value) : value;
    const quoted = onLine ?? readQuoted(rest, this.#line);
    if (quoted === undefined) throw scannerError(this.#lines.length - 1, 'found unexpected end of stream');
    this.#line += rest.slice(0, quoted.end).split('\n').length - 1;
    this.#endLine(rest.slice(quoted.end).split('\n')[0] ?? '');
    return { kind: 'scalar', value: quoted.value, plain: false };
  }

  #readFlow(value: string): YamlNode {
    const onLine = readFlow(value);
    const rest = onLine === undefined ? this.#from(value) : value;
    const flow = onLine ?? readFlow(rest);
    if (flow === undefined) throw notFollowed();
    this.#line += rest.slice(0, flow.end).split('\n').length - 1;
    const after = rest.slice(flow.end).split('\n')[0] ?? '';
    if (!/^([ \t]+(#.*)?)?$/s.test(after)) throw notFollowed();
    this.#endLine(after);
    return flow.node;
  }

  /** A value with the lines behind its own. */
  #from(value: string): string {
    return [value, ...this.#lines.slice(this.#line + 1)].join('\n');
  }

  /** What may follow a value on its line: a comment. */
  #endLine(after: string): void {
    if (!/^([ \t]+(#.*)?)?$/s.test(after)) {
      if (/^[ \t]*:([ \t]|$)/.test(after))
        throw scannerError(this.#line, 'mapping values are not allowed in this context');
      const isFollowedByTab = this.#lines.slice(this.#line + 1).some((line) => /^ *\t/.test(line));
      if (/^[ \t]*[A-Za-z0-9/_.=+$(]/.test(after) && !isFollowedByTab)
        throw parserError(this.#line, 'did not find expected key');
      throw notFollowed();
    }
    this.#line += 1;
    this.#skip();
    if (/^[ \t]/.test(this.#current())) throw notFollowed();
  }

  #readBlock(header: string): YamlScalar {
    const scalar = readBlockScalar(header, this.#lines, this.#line);
    this.#line = scalar.next;
    return { kind: 'scalar', value: scalar.value, plain: false };
  }

  /** Nothing has an anchor in a document that is read here. */
  #alias(value: string): GoError {
    const [, name = ''] = /^\*([A-Za-z0-9_-]*)/.exec(value) ?? [];
    const after = value.charAt(name.length + 1);
    if (name === '' || !/^[ \t?:,\]}%@`]?$/.test(after))
      return scannerError(this.#line, 'did not find expected alphabetic or numeric character');
    return yamlError("unknown anchor '", new SecretValue(name), "' referenced");
  }
}

function plainKey(name: string): YamlScalar {
  // A merge.
  if (name === '<<') throw notFollowed();
  return { kind: 'scalar', value: asGoString(name), plain: true };
}
