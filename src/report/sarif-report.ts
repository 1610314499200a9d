/**
 * SARIF 2.1.0, which code hosts show beside the lines of a pull request: https://docs.oasis-open.org/sarif/sarif/v2.1.0/
 * A problem's `where` may end in a line and a column; it is then shown there.
 */
import type { Problem } from '../model/problem.ts';
import { problemPages } from '../model/problem-pages.ts';

export function renderSarif(problems: readonly Problem[], warnings: readonly Problem[]): string {
  const codes = [...new Set([...problems, ...warnings].map(({ code }) => code))].toSorted();
  const index = new Map(codes.map((code, position) => [code, position]));
  const result = (level: 'error' | 'warning') => (problem: Problem) => ({
    ruleId: problem.code,
    ruleIndex: index.get(problem.code),
    level,
    message: { text: `${textOf(problem)}\n${problem.hint}` },
    locations: [{ physicalLocation: placeOf(problem.where) }],
  });
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Lockstep', rules: codes.map(ruleOf) } },
        results: [...problems.map(result('error')), ...warnings.map(result('warning'))],
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function ruleOf(code: Problem['code']): object {
  const { title, why, mend } = problemPages[code];
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: mend },
  };
}

function textOf({ path, message }: Problem): string {
  return path === '' ? message : `${path} ${message}`;
}

/** `manifests/jira.yaml:12:3`. A path of SARIF is a URI, relative to the repository. */
function placeOf(where: string): object {
  const [, file = where, line, column] = /^(.*?)(?::(\d+)(?::(\d+))?)?$/s.exec(where) ?? [];
  const uri = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return {
    artifactLocation: { uri },
    ...(line === undefined
      ? {}
      : { region: { startLine: Number(line), ...(column === undefined ? {} : { startColumn: Number(column) }) } }),
  };
}
