/**
 * One object of a manifest, read as the API server reads it: a `null` is as if it were not there (no field of these APIs may be null), a value
 * of the wrong type is refused, and a property that nobody asked for is not known. Problems are collected; nothing throws.
 */
import { isObject, pathOf } from '../model/shape.ts';
import { suggest } from '../model/names.ts';
import type { ProblemCode } from '../model/problem.ts';
import { SecretValue } from '../model/secret-value.ts';

export type Complaint = (code: ProblemCode, path: string, message: string, hint: string) => void;

type TextRule = {
  readonly required?: boolean;
  readonly oneOf?: readonly string[];
  readonly check?: (text: string) => string | undefined;
};

export class ObjectReader {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: readonly (string | number)[];
  readonly #complain: Complaint;
  readonly #asked = new Set<string>();

  constructor(value: Readonly<Record<string, unknown>>, path: readonly (string | number)[], complain: Complaint) {
    this.#value = value;
    this.#path = path;
    this.#complain = complain;
  }

  has(name: string): boolean {
    return this.#get(name) !== undefined;
  }

  /** The names of the properties that hold something. */
  names(): string[] {
    return Object.keys(this.#value).filter((name) => this.#value[name] !== undefined && this.#value[name] !== null);
  }

  text(name: string, { required = false, oneOf, check }: TextRule = {}): string | undefined {
    const value = this.#get(name);
    if (value === undefined) {
      if (required) this.missing(name);
      return undefined;
    }
    if (typeof value !== 'string') {
      this.#wrongType([name], 'a text', value);
      return undefined;
    }
    const message =
      oneOf?.includes(value) === false
        ? `is not one of ${oneOf.join(', ')}`
        : check === undefined
          ? undefined
          : check(value);
    if (message !== undefined) this.refuse(name, message, 'Correct it.');
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.#get(name);
    if (value === undefined || typeof value === 'boolean') return value;
    this.#wrongType([name], 'true or false', value);
    return undefined;
  }

  integer(name: string): number | undefined {
    const value = this.#get(name);
    if (value === undefined || (typeof value === 'number' && Number.isInteger(value))) return value;
    this.#wrongType([name], 'a whole number', value);
    return undefined;
  }

  textOrInteger(name: string): string | number | undefined {
    return typeof this.#get(name) === 'string' ? this.text(name) : this.integer(name);
  }

  texts(name: string, check?: TextRule['check']): string[] {
    const texts: string[] = [];
    this.#list(name).forEach((item, index) => {
      const message = typeof item === 'string' ? check?.(item) : undefined;
      if (message !== undefined) this.#complain('M106', pathOf(...this.#path, name, index), message, 'Correct it.');
      if (typeof item === 'string') texts.push(item);
      else this.#wrongType([name, index], 'a text', item);
    });
    return texts;
  }

  textMap(name: string): Record<string, string> {
    const value = this.#object(name);
    const texts: [string, string][] = [];
    for (const [key, text] of Object.entries(value ?? {}))
      if (typeof text === 'string') texts.push([key, text]);
      else if (text !== null && text !== undefined) this.#wrongType([name, key], 'a text', text);
    // From entries, so that a key such as __proto__ is a key.
    return Object.fromEntries(texts);
  }

  /** Of a Secret's values, which parse-manifests.ts has hidden. */
  hidden(name: string): (readonly [string, SecretValue])[] {
    return Object.entries(this.#object(name) ?? {}).flatMap(([key, value]) => {
      if (value instanceof SecretValue) return [[key, value] as const];
      if (value !== null) this.#wrongType([name, key], 'a text', value);
      return [];
    });
  }

  /** As it stands, unchecked. */
  plain(name: string): unknown {
    return this.#get(name);
  }

  object(name: string, { required = false } = {}): ObjectReader | undefined {
    const value = this.#object(name);
    if (value === undefined && required && !this.has(name)) this.missing(name);
    return value === undefined ? undefined : new ObjectReader(value, [...this.#path, name], this.#complain);
  }

  objects(name: string): ObjectReader[] {
    const readers: ObjectReader[] = [];
    this.#list(name).forEach((item, index) => {
      if (isObject(item)) readers.push(new ObjectReader(item, [...this.#path, name, index], this.#complain));
      else this.#wrongType([name, index], 'an object', item);
    });
    return readers;
  }

  /** Properties that exist, and that nothing here depends on. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#asked.add(name);
  }

  /** The API server would refuse it. */
  refuse(name: string | undefined, message: string, hint: string): void {
    this.complain('M106', name, message, hint);
  }

  complain(code: ProblemCode, name: string | undefined, message: string, hint: string): void {
    this.#complain(code, pathOf(...this.#path, ...(name === undefined ? [] : [name])), message, hint);
  }

  missing(name: string): void {
    this.refuse(undefined, `has no ${name}`, `Add ${name}.`);
  }

  /** How many of these it may have, as minProperties and maxProperties of the CRD say. */
  exactlyOneOf(what: string): void {
    const count = this.names().length;
    if (count !== 1)
      this.refuse(
        undefined,
        count === 0 ? `names no ${what}` : `names more than one ${what}`,
        `Give exactly one ${what}.`,
      );
  }

  /** To be called when everything that is known was asked for. */
  end(): void {
    for (const name of Object.keys(this.#value)) {
      if (this.#asked.has(name)) continue;
      const nearest = suggest(name, [...this.#asked]);
      this.complain(
        'M107',
        name,
        'is not known to this version of the API',
        nearest === undefined ? 'Remove it.' : `Did you mean ${nearest}?`,
      );
    }
  }

  #get(name: string): unknown {
    this.#asked.add(name);
    const value = Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
    return value === null ? undefined : value;
  }

  #object(name: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.#get(name);
    if (value === undefined || isObject(value)) return value;
    this.#wrongType([name], 'an object', value);
    return undefined;
  }

  #list(name: string): readonly unknown[] {
    const value = this.#get(name);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.#wrongType([name], 'a list', value);
    return [];
  }

  #wrongType(keys: readonly (string | number)[], expected: string, value: unknown): void {
    const isText = expected === 'a text' && (typeof value === 'number' || typeof value === 'boolean');
    this.#complain(
      'M106',
      pathOf(...this.#path, ...keys),
      `is ${typeName(value)} where the API takes ${expected}`,
      isText ? 'Put it in quotes.' : `Make it ${expected}.`,
    );
  }
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return 'true or false';
  return typeof value === 'string' ? 'a text' : typeof value === 'number' ? 'a number' : 'an object';
}
