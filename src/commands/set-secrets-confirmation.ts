/** What is written, and whether a person agrees to it. */
import type { CommandContext } from './command.ts';
import type { SetSecretsOptions } from './set-secrets-options.ts';

export type Confirming = Pick<SetSecretsOptions, 'yes' | 'confirmed'> & {
  readonly ask: CommandContext['ask'];
  readonly environment: { readonly name: string; readonly production: boolean };
};

/** How often a question is repeated that was not answered. */
const TIMES = 3;

/** @param replaces whether something that is there gives way; its store keeps the version before */
export async function isAgreed(
  what: string,
  replaces: boolean,
  { yes, confirmed, ask, environment }: Confirming,
): Promise<boolean> {
  const byName = replaces || environment.production;
  if (confirmed) return true;
  // Where nobody can be asked, what only adds is done.
  if (!byName && (yes || ask === undefined)) return true;
  if (ask === undefined) return false;
  if (!byName) return isYes(ask, `${what}? [y/n] `);
  const answer = await ask(`Type ${environment.name} to ${what.charAt(0).toLowerCase()}${what.slice(1)}: `);
  return answer.trim() === environment.name;
}

/** Neither answer is the usual one: what was entered must not be lost, nor written, by one Enter too many. */
export async function isYes(ask: NonNullable<CommandContext['ask']>, question: string): Promise<boolean> {
  for (let count = 0; count < TIMES; count++) {
    const answer = (await ask(question)).trim().toLowerCase();
    if (['y', 'yes'].includes(answer)) return true;
    if (['n', 'no'].includes(answer)) return false;
  }
  return false;
}
