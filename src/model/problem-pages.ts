/**
 * What each code means. A code is permanent: it never comes to mean something else, and a retired one is not given again. `--explain CODE`
 * prints its page; docs/reference/problems.md is made from them.
 */
import { configurationPages } from './problem-pages/configuration-pages.ts';
import { manifestPages } from './problem-pages/manifest-pages.ts';
import { predictionPages } from './problem-pages/prediction-pages.ts';
import type { ProblemPage } from './problem-pages/problem-page.ts';
import { vaultPages } from './problem-pages/vault-pages.ts';

export const problemPages = { ...configurationPages, ...manifestPages, ...predictionPages, ...vaultPages } as const;

export function explainProblem(code: string): string | undefined {
  const page = (problemPages as Readonly<Record<string, ProblemPage>>)[code.toUpperCase()];
  return page && `${code.toUpperCase()}: ${page.title}\n\nWhy it matters: ${page.why}\nWhat to do: ${page.mend}\n`;
}
