/** JUnit's XML, which every CI system shows: one test case for each problem, or one that passed. */
import type { Problem } from '../model/problem.ts';

export function renderJunit(command: string, problems: readonly Problem[]): string {
  const cases =
    problems.length === 0
      ? [`  <testcase classname="lockstep.${escapeXml(command)}" name="no problem found"/>`]
      : problems.map(
          ({ code, where, path, message, hint }) =>
            `  <testcase classname="lockstep.${escapeXml(command)}" name="${escapeXml(`${code} ${where} ${path}`.trimEnd())}">\n` +
            `    <failure type="${escapeXml(code)}" message="${escapeXml(message)}">${escapeXml(hint)}</failure>\n  </testcase>`,
        );
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<testsuite name="lockstep ${escapeXml(command)}" tests="${cases.length}" failures="${problems.length}">\n` +
    `${cases.join('\n')}\n</testsuite>\n`
  );
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML 1.0 cannot hold at all. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
