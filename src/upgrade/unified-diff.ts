/** A unified diff of two texts that have as many lines as each other, which is all that an upgrade changes. `git apply` takes it. */
const CONTEXT = 3;

export function unifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return '';
  const [old, now] = [before.split('\n'), after.split('\n')];
  if (old.length !== now.length) throw new RangeError('both texts must have the same number of lines');
  const endsOpen = old.at(-1) !== '';
  if (!endsOpen) {
    old.pop();
    now.pop();
  }
  const changed = old.flatMap((line, index) => (line === now[index] ? [] : [index]));
  const out = [`--- ${named('a', file)}`, `+++ ${named('b', file)}`];
  for (const [first, last] of hunks(changed, old.length)) {
    const range = `${first + 1},${last - first + 1}`;
    out.push(`@@ -${range} +${range} @@`);
    for (let index = first; index <= last;) {
      const from = index;
      while (index <= last && old[index] !== now[index]) index += 1;
      for (let at = from; at < index; at++) push('-', old, at);
      for (let at = from; at < index; at++) push('+', now, at);
      if (index <= last) push(' ', old, index++);
    }
  }
  return `${out.join('\n')}\n`;

  function push(mark: string, lines: readonly string[], index: number): void {
    out.push(`${mark}${lines[index] ?? ''}`);
    if (endsOpen && index === lines.length - 1) out.push('\\ No newline at end of file');
  }
}

function named(side: string, file: string): string {
  return file.startsWith('/') ? file : `${side}/${file.replaceAll('\\', '/')}`;
}

/** From the first to the last line of each, context included. */
function hunks(changed: readonly number[], lines: number): [first: number, last: number][] {
  const result: [number, number][] = [];
  for (const line of changed) {
    const [first, last] = [Math.max(0, line - CONTEXT), Math.min(lines - 1, line + CONTEXT)];
    const before = result.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = last;
    else result.push([first, last]);
  }
  return result;
}
