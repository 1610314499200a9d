/** What preflight found, as problems for --output json and sarif, and as cases for junit. */
import type { Problem, ProblemCode } from '../model/problem.ts';
import type { CheckedExternalSecret } from '../preflight/preflight-result.ts';
import type { CheckedCase } from './preflight-junit.ts';
import { isWrong } from './preflight-report.ts';

/** Of those that will fail. What the API server refuses has problems of its own. */
export function problemsOf(externalSecrets: readonly CheckedExternalSecret[]): readonly Problem[] {
  return externalSecrets.flatMap((one) => (one.outcome === 'fails' ? problemOf(one) : []));
}

/** Of those that cannot be predicted, and of successes that are easily overlooked. */
export function warningsOf(externalSecrets: readonly CheckedExternalSecret[]): readonly Problem[] {
  return externalSecrets.flatMap((one) => (isWrong(one) ? [] : problemOf(one)));
}

export function casesOf(externalSecrets: readonly CheckedExternalSecret[]): readonly CheckedCase[] {
  return externalSecrets.map((one) => {
    const outcome = isWrong(one) ? 'failed' : one.outcome === 'syncs' ? 'passed' : 'skipped';
    const [problem] = problemOf(one);
    return {
      name: `${one.namespace}/${one.name}`,
      outcome,
      ...(problem === undefined ? {} : { code: problem.code, message: problem.message, hint: problem.hint }),
    };
  });
}

function problemOf(one: CheckedExternalSecret): Problem[] {
  if (one.code === undefined) return [];
  return [
    {
      code: one.code satisfies ProblemCode,
      where: one.where,
      path: '',
      message: `ExternalSecret ${one.namespace}/${one.name} ${verdictOf(one)}: ${one.because ?? ''}`,
      hint: one.fix ?? '',
    },
  ];
}

function verdictOf({ outcome, condition }: CheckedExternalSecret): string {
  switch (outcome) {
    case 'syncs':
      return 'syncs';
    case 'fails':
      return `will fail with ${condition?.reason ?? ''}, "${condition?.message ?? ''}"`;
    case 'refused':
      return 'will be refused by the API server';
    case 'skipped':
      return 'will be skipped';
    case 'unpredictable':
      return 'cannot be predicted';
  }
}
