/** What a regular expression is made of. */
import type { CharacterSet } from './regexp-class.ts';

export type Assertion = 'text start' | 'text end' | 'line start' | 'line end' | 'word boundary' | 'no word boundary';

export type RegexpNode =
  | { readonly kind: 'character'; readonly set: CharacterSet }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'sequence'; readonly nodes: readonly RegexpNode[] }
  /** The first that leads to a match is taken. */
  | { readonly kind: 'alternatives'; readonly nodes: readonly RegexpNode[] }
  /** Numbered from 1. */
  | { readonly kind: 'group'; readonly number: number; readonly node: RegexpNode }
  | Repetition;

/** `counted`: with braces. */
export type Repetition = {
  readonly kind: 'repetition';
  readonly node: RegexpNode;
  readonly min: number;
  readonly max: number;
  readonly isGreedy: boolean;
  readonly isCounted: boolean;
};

export type ParsedRegexp = {
  readonly node: RegexpNode;
  /** Of the groups from 1 on; '' where it has none. */
  readonly groupNames: readonly string[];
};
