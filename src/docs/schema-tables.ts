/** A JSON Schema of objects and lists as Markdown: what it is, then a line for each property, nested ones under their full name. */
import { code, escapeMarkdown, renderMarkdownTable } from './markdown.ts';

type Node = Readonly<Record<string, unknown>>;

export function renderSchemaTables(schema: Node): string {
  return `${escapeMarkdown(descriptionOf(schema))}.\n\n${renderMarkdownTable(['Property', 'Type', 'What it is'], rows(schema, ''))}`;
}

function descriptionOf({ description }: Node): string {
  return typeof description === 'string' ? description : '';
}

function rows(schema: Node, prefix: string): string[][] {
  return Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Node>>).flatMap(([name, of]) => {
    const full = prefix + name;
    const items = of['items'] as Node | undefined;
    return [
      [code(full), typeOf(of), escapeMarkdown(descriptionOf(of))],
      ...(items === undefined ? rows(of, `${full}.`) : rows(items, `${full}[].`)),
    ];
  });
}

function typeOf({ type, enum: values, const: constant, items }: Node): string {
  if (constant !== undefined) return code(JSON.stringify(constant));
  if (Array.isArray(values)) return values.map((value) => code(String(value))).join(', ');
  if (type === 'array') return `list of ${typeOf(items as Node)}s`;
  return Array.isArray(type) ? type.join(' or ') : String(type);
}
