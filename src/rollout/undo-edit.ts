/** Takes an edit back in a text that has changed elsewhere since. */
import { lineDiff } from './line-diff.ts';

/** @returns undefined where what the edit left is not there any more, or not in one place alone */
export function undoEdit(text: string, edit: { readonly before: string; readonly after: string }): string | undefined {
  let undone: string[] | undefined = text.split('\n');
  for (const { gone, come } of hunksOf(edit.before, edit.after)) undone = undone && replaceOnce(undone, come, gone);
  return undone?.join('\n');
}

type Hunk = { readonly gone: readonly string[]; readonly come: readonly string[] };

/** With a line before and behind each, by which they are found again. */
function hunksOf(before: string, after: string): Hunk[] {
  const hunks: { gone: string[]; come: string[] }[] = [{ gone: [], come: [] }];
  for (const line of lineDiff(before, after)) {
    if (line === '…') hunks.push({ gone: [], come: [] });
    else {
      if (!line.startsWith('+')) hunks.at(-1)?.gone.push(line.slice(1));
      if (!line.startsWith('-')) hunks.at(-1)?.come.push(line.slice(1));
    }
  }
  return hunks.filter(({ come }) => come.length > 0);
}

function replaceOnce(lines: string[], from: readonly string[], to: readonly string[]): string[] | undefined {
  const isAt = (start: number): boolean => from.every((line, index) => lines[start + index] === line);
  const places = lines.flatMap((_, start) => (isAt(start) ? [start] : []));
  const [place] = places;
  return places.length === 1 && place !== undefined && from.length > 0
    ? lines.toSpliced(place, from.length, ...to)
    : undefined;
}
