/** Problems for people: what was wrong, where, and what to do. */
import type { Problem } from '../model/problem.ts';

/**
 *     config/secrets.ts: secrets.jira.targets[0].name "Jira" is not a DNS-1123 name   C004
 *       Rename the Kubernetes Secret.
 */
function renderProblem({ code, where, path, message, hint }: Problem): string {
  const place =
    path === ''
      ? message.startsWith('is ') || message.startsWith('"')
        ? `${where} `
        : `${where}: `
      : `${where}: ${path} `;
  return `${place}${message}   ${code}\n  ${hint}`;
}

export function renderProblems(problems: readonly Problem[]): string {
  return problems.map(renderProblem).join('\n');
}

export function renderProblemsMarkdown(problems: readonly Problem[]): string {
  if (problems.length === 0) return 'No problem found.\n';
  const rows = problems.map(({ code, where, path, message, hint }) =>
    [code, `\`${where}\``, path === '' ? '' : `\`${path}\``, message, hint].map(cell).join(' | '),
  );
  return `${count(problems.length)}\n\n| Code | File | Place | Problem | What to do |\n|---|---|---|---|---|\n${rows
    .map((row) => `| ${row} |\n`)
    .join('')}`;
}

export function count(problems: number): string {
  return `${problems} problem${problems === 1 ? '' : 's'}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
