/** Markdown and JSON as prettier would write them, so that what is made here needs no formatting afterwards. */

/** Plain text that a Markdown renderer must not take for markup. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll('\n', ' ').replace(/[\\`*[\]<|]/g, (character) => `\\${character}`);
}

/** `text` in code style; a backtick in it would end it, and is left out. */
export function code(text: string): string {
  return `\`${text.replaceAll('`', '').replaceAll('|', '\\|')}\``;
}

/** @param rows cells as Markdown; every row as long as the header */
export function renderMarkdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((cell, column) => Math.max(3, width(cell), ...rows.map((row) => width(row[column] ?? ''))));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell))).join(' | ')} |`;
  return [line(header), line(widths.map((of) => '-'.repeat(of))), ...rows.map(line)].join('\n');
}

function width(text: string): number {
  return Array.from(text).length;
}

const PRINT_WIDTH = 120;

/** JSON with a line for each property, and lists of plain values in one line where they fit. */
export function renderJson(value: unknown): string {
  return `${json(value, '', 0)}\n`;
}

/** @param before how many characters stand in front of the value in its line */
function json(value: unknown, indent: string, before: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    const oneLine = `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
    const plain = items.every((item) => typeof item !== 'object' || item === null);
    if (plain && before + oneLine.length < PRINT_WIDTH) return oneLine;
    return `[\n${items.map((item) => inner + json(item, inner, inner.length)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, of]) => of !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, of]) => {
    const label = `${inner}${JSON.stringify(key)}: `;
    return label + json(of, inner, label.length);
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
