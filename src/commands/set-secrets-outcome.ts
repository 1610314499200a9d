/** Which exit code a session ends with, and its last lines. */
import type { Platform } from '../model/platform.ts';
import { plural } from '../report/plural.ts';
import type { SetSecretItem } from '../set-secrets/set-secret-item.ts';
import { isOpen } from '../set-secrets/set-secret-item.ts';
import type { CommandResult } from './command.ts';
import type { SetSecretsOptions } from './set-secrets-options.ts';
import { sameSetSecrets } from './set-secrets-options.ts';
import type { SessionEnd } from './set-secrets-session.ts';

export type Ending = { readonly outcome: CommandResult['outcome']; readonly next: readonly string[] };

export function outcomeOf(
  { secrets, ended }: SessionEnd,
  options: Readonly<Record<string, unknown>>,
  { field, plan }: SetSecretsOptions,
  { environment, secrets: declared }: Platform,
): Ending {
  const where = environment.name === 'dev' ? '' : ` --environment ${environment.name}`;
  const next = (command: string, ...more: readonly string[]): string => {
    const words = [where.trim(), ...more].filter((word) => word !== '').join(' ');
    return `Next: npm run ${command}${words === '' ? '' : ` -- ${words}`}`;
  };
  const again = `Next: ${sameSetSecrets(options)}`;
  const written = secrets.filter(({ outcome }) => outcome === 'written' || outcome === 'unchanged').length;
  const verdict = written === 0 ? 'Nothing was written.' : `✓ ${plural(written, 'secret')} written and read back`;
  switch (ended) {
    case 'stopped':
      return { outcome: 'failed', next: [`Stopped. ${verdict}`, again] };
    case 'store failed':
      return { outcome: 'failed', next: [verdict, again] };
    case 'nobody to ask':
      return { outcome: 'failed', next: [verdict, ...waysWithoutTerminal(secrets, options)] };
    case 'whole':
  }
  const open = secrets.filter((secret) => isOpen(secret, field));
  if (secrets.some(({ outcome }) => outcome === 'differs')) return { outcome: 'failed', next: [verdict, again] };
  if (open.length === 0) {
    // Where it is not the store that applications read from, what they would receive is to be compared.
    const isOther = secrets.some(({ name, store }) => declared.find((one) => one.name === name)?.store !== store);
    const rest = secrets.find((secret) => isOpen(secret));
    const then =
      rest !== undefined ? next('set-secrets', '--secret', rest.name) : next(isOther ? 'verify-secrets' : 'preflight');
    return { outcome: 'clean', next: [written === 0 ? '✓ nothing lacks' : verdict, then] };
  }
  const planned = secrets.filter(({ outcome }) => outcome === 'planned');
  if (planned.length > 0) {
    const byName = environment.production || planned.some(({ fields }) => fields.some(({ replaces }) => replaces));
    return {
      outcome: 'findings',
      next: [verdict, `Next: ${sameSetSecrets(options, byName ? `--confirm=${environment.name}` : '--yes')}`],
    };
  }
  if (plan) return { outcome: 'findings', next: [verdict, again] };
  const [only] = open;
  return {
    outcome: 'findings',
    next: [
      verdict,
      open.length === 1 && only !== undefined
        ? next('set-secrets', '--secret', only.name, ...storeOf(options))
        : next('list-secrets'),
    ],
  };
}

function storeOf({ store }: Readonly<Record<string, unknown>>): string[] {
  return typeof store === 'string' ? ['--store', store] : [];
}

/** For the first secret that lacks something; what to paste is a command, and what stands before it is a file. */
function waysWithoutTerminal(secrets: readonly SetSecretItem[], options: Readonly<Record<string, unknown>>): string[] {
  const lacking = secrets.find((secret) => secret.lacking.some(({ need }) => need !== 'optional')) ?? secrets[0];
  const canGenerate = secrets.some((secret) => secret.lacking.some(({ way }) => way === 'generate'));
  const secret = lacking?.name ?? '<name>';
  const name =
    typeof options['field'] === 'string'
      ? options['field']
      : (lacking?.lacking.find(({ need }) => need === 'required')?.name ?? '<name>');
  const same = { ...options, secret };
  return [
    'Nobody can be asked here: this is no terminal. Values come from a file or from standard input:',
    `  ${sameSetSecrets({ ...same, field: undefined }, '--values', '<file>')}   a JSON object of fields`,
    `  ${sameSetSecrets({ ...same, field: name }, '--from-file', '<file>')}   one field, - for standard input`,
    ...(canGenerate
      ? [`  ${sameSetSecrets({ ...options, field: undefined }, '--generate')}   what is to be generated`]
      : []),
    `Next: ${sameSetSecrets({ ...options, field: undefined }, '--plan')}`,
  ];
}
