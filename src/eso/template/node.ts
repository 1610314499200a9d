/** What a template is parsed to. Errors of its execution tell the node's place and, in Go's own layout, its text. */
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { quote } from '../go/quote.ts';
import type { NumberLiteral } from './number-literal.ts';

/** Where it is in the text, in bytes. */
type At = { readonly at: number };

export type ListNode = At & { readonly kind: 'list'; readonly nodes: readonly StatementNode[] };

export type StatementNode =
  | (At & { readonly kind: 'text'; readonly text: GoString })
  | (At & { readonly kind: 'action'; readonly pipe: PipeNode })
  | BranchNode
  | (At & { readonly kind: 'template'; readonly name: GoString; readonly pipe: PipeNode | undefined })
  | (At & { readonly kind: 'break' | 'continue' });

export type BranchNode = At & {
  readonly kind: 'if' | 'with' | 'range';
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly otherwise: ListNode | undefined;
};

export type PipeNode = At & {
  readonly kind: 'pipe';
  /** The names that are declared, or assigned to. */
  readonly variables: readonly GoString[];
  readonly assigns: boolean;
  readonly commands: readonly CommandNode[];
};

export type CommandNode = At & {
  readonly kind: 'command';
  readonly operands: readonly [OperandNode, ...OperandNode[]];
};

export type OperandNode =
  | PipeNode
  | (At & { readonly kind: 'dot' | 'nil' })
  | (At & { readonly kind: 'bool'; readonly value: boolean })
  | (At & { readonly kind: 'number'; readonly text: GoString; readonly number: NumberLiteral })
  | (At & { readonly kind: 'string'; readonly quoted: GoString; readonly value: GoString })
  | (At & { readonly kind: 'function'; readonly name: GoString })
  | (At & { readonly kind: 'field'; readonly fields: Fields })
  | (At & { readonly kind: 'variable'; readonly name: GoString; readonly fields: readonly GoString[] })
  | ChainNode;

type Fields = readonly [GoString, ...GoString[]];
export type ChainNode = At & { readonly kind: 'chain'; readonly of: OperandNode; readonly fields: Fields };

/** Errors name these. */
export type TellingNode = StatementNode | PipeNode | CommandNode | OperandNode;

/** As the node's String method in Go. */
export function renderNode(node: TellingNode | ListNode): GoString {
  return asGoString(render(node));
}

function render(node: TellingNode | ListNode): string {
  switch (node.kind) {
    case 'list':
      return node.nodes.map(render).join('');
    case 'text':
      return node.text;
    case 'action':
      return `{{${render(node.pipe)}}}`;
    case 'if':
    case 'with':
    case 'range': {
      const otherwise = node.otherwise === undefined ? '' : `{{else}}${render(node.otherwise)}`;
      return `{{${node.kind} ${render(node.pipe)}}}${render(node.list)}${otherwise}{{end}}`;
    }
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe === undefined ? '' : ` ${render(node.pipe)}`}}}`;
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`;
    case 'pipe': {
      const variables = node.variables.length === 0 ? '' : `${node.variables.join(', ')} ${node.assigns ? '=' : ':='} `;
      return variables + node.commands.map(render).join(' | ');
    }
    case 'command':
      return node.operands.map(renderOperand).join(' ');
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'number':
      return node.text;
    case 'string':
      return node.quoted;
    case 'function':
      return node.name;
    case 'field':
      return node.fields.map((field) => `.${field}`).join('');
    case 'variable':
      return [node.name, ...node.fields].join('.');
    case 'chain':
      return renderOperand(node.of) + node.fields.map((field) => `.${field}`).join('');
  }
}

function renderOperand(node: OperandNode): string {
  return node.kind === 'pipe' ? `(${render(node)})` : render(node);
}
