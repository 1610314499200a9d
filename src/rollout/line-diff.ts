/** What changes between two texts, as lines of a unified diff without its header: for people. */
const CONTEXT = 1;

/** @returns lines that begin with ` `, `-` or `+`; `…` where some are left out */
export function lineDiff(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const all = marked(old, now);
  const near = all.map((_, index) =>
    all.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((line) => !line.startsWith(' ')),
  );
  const shown = all.flatMap((line, index) => (near[index] === true ? [line] : near[index - 1] === true ? ['…'] : []));
  return shown.at(-1) === '…' ? shown.slice(0, -1) : shown;
}

/** Lines that are alike at both ends first; of the rest the longest common part. */
function marked(old: readonly string[], now: readonly string[]): string[] {
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const [gone, come] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  const same = (lines: readonly string[]): string[] => lines.map((line) => ` ${line}`);
  return [...same(old.slice(0, start)), ...common(gone, come), ...same(old.slice(old.length - end))];
}

function common(gone: readonly string[], come: readonly string[]): string[] {
  const lengths = Array.from({ length: gone.length + 1 }, () => new Array<number>(come.length + 1).fill(0));
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  for (let row = gone.length - 1; row >= 0; row--)
    for (let column = come.length - 1; column >= 0; column--) {
      const here =
        gone[row] === come[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
      (lengths[row] as number[])[column] = here;
    }
  const lines: string[] = [];
  let [row, column] = [0, 0];
  while (row < gone.length || column < come.length)
    if (row < gone.length && column < come.length && gone[row] === come[column]) {
      lines.push(` ${gone[row] ?? ''}`);
      row++;
      column++;
    } else if (column >= come.length || (row < gone.length && at(row + 1, column) >= at(row, column + 1)))
      lines.push(`-${gone[row++] ?? ''}`);
    else lines.push(`+${come[column++] ?? ''}`);
  return lines;
}
