/** What a Go template works with, with the types that Go's reflection would see, since its errors and its printing name them. */
import type { GoString } from '../go/go-string.ts';

export type GoValue =
  /** An interface that holds nothing: `<nil>`; printed in a template as `<no value>`. */
  | { readonly kind: 'nil' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly type: IntType; readonly value: bigint }
  | { readonly kind: 'float'; readonly type: 'float64' | 'float32'; readonly value: number }
  | { readonly kind: 'string'; readonly value: GoString }
  /** Slices and arrays. `[]byte` and `[]uint8` are one type and hold ints of type uint8. Never changed in place: `append` makes another. */
  | { readonly kind: 'slice'; readonly type: `[]${string}`; readonly items: readonly GoValue[] }
  /** `entries` is shared and may be changed in place, as a Go map is: by `set`, `unset`, `merge`. Iterated in the order of its keys. */
  | { readonly kind: 'map'; readonly type: `map[string]${string}`; readonly entries: Map<GoString, GoValue> };

export type IntType = 'int' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint' | 'uint8' | 'uint16' | 'uint32' | 'uint64';

/** The type of a parameter, as Go's reflection names it; `...` for the last one of a variadic function. */
export type GoParameter = GoType | `...${GoType}`;
export type GoType = 'interface {}' | 'string' | 'bool' | IntType | 'float64' | `[]${string}` | `map[string]${string}`;

/**
 * A function that templates may call. The engine checks and converts arguments as text/template does (src/eso/template/call.ts), so `call`
 * is given values of the declared types (`interface {}` takes any).
 * `call` throws GoError for the error that the function returns, with the function's own text (the engine adds `error calling NAME: `), and
 * marks what comes of a value in it (OperatorText); a Go panic is thrown as a GoError too, with the text that text/template makes of it;
 * Unpredictable where the result cannot be told.
 */
export type TemplateFunction = {
  readonly parameters: readonly GoParameter[];
  readonly call: (...values: readonly GoValue[]) => GoValue;
};

export type TemplateFunctions = ReadonlyMap<string, TemplateFunction>;

export const nil: GoValue = { kind: 'nil' };
