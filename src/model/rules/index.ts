import type { Configuration } from '../configuration.ts';
import { configurationFiles } from '../configuration-shape.ts';
import type { Problem } from '../problem.ts';
import { pathOf } from '../shape.ts';
import { applicationRules } from './application-rules.ts';
import { environmentRules } from './environment-rules.ts';
import type { Names, View } from './rule.ts';
import { viewOf, viewOfSecrets } from './rule.ts';
import { secretRules, secretRulesOfOne } from './secret-rules.ts';
import { targetRules, targetRulesOfOne } from './target-rules.ts';

const rules = [...applicationRules, ...secretRules, ...targetRules, ...environmentRules];

const rulesOfOne = new Set([...secretRulesOfOne, ...targetRulesOfOne]);

/** The secrets in which nothing was found when these were the names of the applications. */
export type CleanSecrets = { applications: string; secrets: WeakMap<object, string> };

export function noCleanSecrets(): CleanSecrets {
  return { applications: '', secrets: new WeakMap() };
}

/**
 * Every rule of the configuration, whichever environment is meant. The environment's variables are checked by `resolve()`.
 * @param clean of a process that stays, and brought up to date: rules that look at one secret at a time leave those in it out
 */
export function checkConfiguration(configuration: Configuration, names: Names, clean?: CleanSecrets): Problem[] {
  const problems: Problem[] = [];
  const view = viewOf(configuration, names);
  const others = clean === undefined ? view : withoutClean(view, clean);
  for (const rule of rules)
    rule(rulesOfOne.has(rule) ? others : view, (code, file, keys, message, hint) => {
      problems.push({ code, where: configurationFiles[file], path: pathOf(file, ...keys), message, hint });
    });
  if (problems.length === 0) for (const [name, definition] of others.secrets) clean?.secrets.set(definition, name);
  return problems;
}

function withoutClean(view: View, clean: CleanSecrets): View {
  const applications = [...view.names.applications].join();
  if (clean.applications !== applications) Object.assign(clean, { ...noCleanSecrets(), applications });
  return viewOfSecrets(
    view,
    view.secrets.filter(([name, definition]) => clean.secrets.get(definition) !== name),
  );
}
