import type { Configuration } from '../configuration.ts';
import { configurationFiles } from '../configuration-shape.ts';
import type { Problem } from '../problem.ts';
import { pathOf } from '../shape.ts';
import { applicationRules } from './application-rules.ts';
import { environmentRules } from './environment-rules.ts';
import type { Names } from './rule.ts';
import { viewOf } from './rule.ts';
import { secretRules } from './secret-rules.ts';
import { targetRules } from './target-rules.ts';

const rules = [...applicationRules, ...secretRules, ...targetRules, ...environmentRules];

/** Every rule of the configuration, whichever environment is meant. The environment's variables are checked by `resolve()`. */
export function checkConfiguration(configuration: Configuration, names: Names): Problem[] {
  const problems: Problem[] = [];
  const view = viewOf(configuration, names);
  for (const rule of rules)
    rule(view, (code, file, keys, message, hint) => {
      problems.push({ code, where: configurationFiles[file], path: pathOf(file, ...keys), message, hint });
    });
  return problems;
}
