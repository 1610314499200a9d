/** What preflight found, as the result of a command. */
import type { Problem } from '../model/problem.ts';
import type { PreflightResult } from '../preflight/preflight-result.ts';
import { renderPreflightMarkdown } from '../report/preflight-markdown.ts';
import { casesOf, problemsOf, warningsOf } from '../report/preflight-problems.ts';
import { isWrong, renderPreflight } from '../report/preflight-report.ts';
import { renderProblems, renderProblemsMarkdown } from '../report/problem-report.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { isHarmless } from './preflight-input.ts';
import type { RefusedDocument } from './preflight-refused.ts';

type ManifestProblems = {
  readonly ofManifests: readonly Problem[];
  /** Their problems may be among those of the manifests. */
  readonly refused: readonly RefusedDocument[];
};

export function commandResult(
  result: PreflightResult,
  environments: readonly string[],
  { ofManifests, refused }: ManifestProblems,
  { colour }: Pick<CommandContext, 'colour'>,
): CommandResult {
  const { externalSecrets, stores } = result;
  const all = [...new Set([...ofManifests, ...refused.flatMap((one) => one.problems)])];
  const wrong = all.filter((problem) => !isHarmless(problem));
  // What is wrong with an ExternalSecret is said where it is listed.
  const listed = new Set(refused.flatMap((one) => (one.document.kind === 'ExternalSecret' ? one.problems : [])));
  const others = all.filter((problem) => !listed.has(problem));
  const problems = [...wrong, ...problemsOf(externalSecrets)];
  const outcome =
    problems.length > 0 || externalSecrets.some(isWrong)
      ? 'findings'
      : // What was not read is not known to be right.
        stores.some(({ notRead }) => notRead?.mendable === true)
        ? 'failed'
        : 'clean';
  return {
    outcome,
    environments,
    items: [result],
    problems,
    warnings: [...all.filter(isHarmless), ...warningsOf(externalSecrets)],
    cases: casesOf(externalSecrets),
    render: (format) => {
      if (format === 'markdown')
        return `${renderPreflightMarkdown(result)}${others.length === 0 ? '' : `\n${renderProblemsMarkdown(others)}`}`;
      return `${others.length === 0 ? '' : `${renderProblems(others)}\n\n`}${renderPreflight(result, { colour, isIncomplete: others.some((problem) => !isHarmless(problem)) })}`;
    },
  };
}
