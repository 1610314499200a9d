/** The tokens of text/template: positions are bytes, lines begin with 1. */
import type { GoString } from '../go/go-string.ts';

export type TokenKind =
  | 'error' // its text is the error
  | 'end-of-text'
  | 'text'
  | 'left'
  | 'right'
  | 'space'
  | 'keyword'
  | 'identifier'
  | 'field'
  | 'variable'
  | 'bool'
  | 'number'
  | 'complex'
  | 'character'
  | 'string'
  | 'raw-string'
  | 'declare'
  | 'assign'
  | 'pipe'
  | '('
  | ')'
  | 'other';

export type Token = { readonly kind: TokenKind; readonly text: GoString; readonly at: number; readonly line: number };
