import { loadConfiguration } from '../configuration/load-configuration.ts';
import type { Configuration } from '../model/configuration.ts';
import { configurationFiles } from '../model/configuration-shape.ts';
import { UsageError } from '../model/problem.ts';
import { parseVariables } from '../model/variables.ts';
import { renderRollout, renderRolloutMarkdown } from '../report/rollout-report.ts';
import type { RolledOut, RolloutItem } from '../rollout/rollout-item.ts';
import type { CommandDefinition, CommandResult } from './command.ts';
import { environmentName } from './platform-options.ts';
import { problemsFound } from './problems-found.ts';
import { chooseApplications } from './rollout-choice.ts';
import { nextLines } from './rollout-next.ts';
import { addRolloutOptions, parseRolloutOptions } from './rollout-options.ts';
import type { RolloutSession } from './rollout-session.ts';
import { openSession, ProblemsError } from './rollout-session.ts';
import { rollOut } from './rollout-step.ts';

const AGAIN = 'Mend this and run npm run rollout again: it goes on where it is.';

export const command: CommandDefinition = {
  examples: [
    'npm run rollout -- --application ai-platform-engineering --to azure-keyvault-store --plan',
    'npm run rollout -- --all --to azure-keyvault-store --environment staging --yes',
    'npm run rollout -- --application ai-platform-engineering --back',
  ],
  formats: ['text', 'markdown', 'json'],
  options: addRolloutOptions,

  async run(raw, context) {
    const options = parseRolloutOptions(raw);
    const environment = environmentName(raw);
    const { configuration, problems } = await loadConfiguration(context.root);
    const { variables, problems: ofVariables } = parseVariables(context.environment);
    const found = [...problems, ...ofVariables];
    if (found.length > 0) return problemsFound([environment], found, AGAIN);
    const names = chooseApplications(configuration, environment, variables, options, context.root);
    try {
      const session = await openSession(options, context, environment, variables);
      const item = await rollOutAll(session, configuration, names);
      const next = nextLines(item, raw, options);
      return {
        ...{ outcome: outcomeOf(item.applications), environments: [environment], items: [item], problems: [] },
        render: (format) => (format === 'markdown' ? renderRolloutMarkdown : renderRollout)(item, next),
      };
    } catch (error) {
      if (error instanceof ProblemsError) return problemsFound([environment], error.problems, AGAIN);
      throw error;
    }
  },
};

/** One after the other, up to the first that is not as it should be; a plan is made of all. */
async function rollOutAll(
  session: RolloutSession,
  configuration: Configuration,
  names: readonly string[],
): Promise<RolloutItem> {
  if (names.length === 0) throw new UsageError('nothing was rolled out that could go back', 'Give --application NAME.');
  const applications: RolledOut[] = [];
  let now = configuration;
  for (const name of names) {
    const { rolledOut, configuration: after } = await rollOut(session, now, name);
    applications.push(rolledOut);
    now = after;
    const goesOn = ['already', 'ready', 'written', ...(session.planOnly ? ['planned', 'refused'] : [])];
    if (!goesOn.includes(rolledOut.state)) break;
  }
  const { environment, cluster } = session;
  const left = names.slice(applications.length);
  return { environment, file: configurationFiles.applications, watched: cluster !== undefined, applications, left };
}

function outcomeOf(applications: readonly RolledOut[]): CommandResult['outcome'] {
  const states = applications.map(({ state }) => state);
  if (states.includes('stopped')) return 'failed';
  return states.some((state) => ['refused', 'planned', 'not ready'].includes(state)) ? 'findings' : 'clean';
}
