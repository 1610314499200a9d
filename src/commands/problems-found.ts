import type { Problem } from '../model/problem.ts';
import { renderProblems, renderProblemsMarkdown } from '../report/problem-report.ts';
import type { CommandResult } from './command.ts';

/** The result of a command that went no further than the problems that it found. @param next what to do, as the last line */
export function problemsFound(
  environments: readonly string[],
  problems: readonly Problem[],
  next: string,
): CommandResult {
  return {
    outcome: 'findings',
    environments,
    items: [],
    problems,
    render: (format) =>
      format === 'markdown' ? renderProblemsMarkdown(problems) : `${renderProblems(problems)}\n\n${next}\n`,
  };
}
