/** The JSON Schema (draft-07) that is kept of a kind, and what was kept with it. */
export type JsonSchema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  /** One of the formats in `formats.ts`. */
  readonly format?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  /** What the API server fills in. Never used while checking. */
  readonly default?: unknown;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  /** The fields that together must be unique in a list (`x-kubernetes-list-type: map`). */
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  /** Bounds and lengths, by their draft-07 names. */
  readonly [keyword: string]: unknown;
};

/** What the API server checks and JSON Schema cannot say, counted, so that a reader knows what was not checked. */
export type Dropped = {
  /** CEL rules (`x-kubernetes-validations`). */
  readonly celRules: number;
  /** Patterns in RE2 that have no equal in JavaScript. */
  readonly patterns: number;
  /** Formats that the API server validates and this project does not. */
  readonly formats: number;
};

/** One kind in one version. */
export type ReducedKind = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: JsonSchema;
  readonly dropped: Dropped;
};

export type Definitions = Readonly<Record<string, JsonSchema>>;

/** The definition that every kind's `metadata` refers to; `reduceObjectMeta` makes it. */
export const OBJECT_META = 'ObjectMeta';

export function refTo(definition: string): string {
  return `#/definitions/${definition}`;
}

/** The name of the definition that a schema refers to, or undefined where it refers to none. */
export function definitionOf(schema: JsonSchema): string | undefined {
  return schema.$ref?.replace('#/definitions/', '');
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Only what is the object's own: a field may be called `constructor`. */
export function ownValue<T>(object: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function without<T>(object: Readonly<Record<string, T>>, ...names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
