/** The last lines of a roll-out: the verdict, and what to do next as a command. */
import { plural } from '../report/plural.ts';
import type { RolledOut, RolloutItem } from '../rollout/rollout-item.ts';
import { productionIn } from './rollout-consent.ts';
import type { RolloutOptions } from './rollout-options.ts';
import { sameRollout } from './rollout-options.ts';

type Raw = Readonly<Record<string, unknown>>;

/** @param raw the options as they were given */
export function nextLines(item: RolloutItem, raw: Raw, options: RolloutOptions): string[] {
  const of = (...states: readonly RolledOut['state'][]): RolledOut | undefined =>
    item.applications.findLast(({ state }) => states.includes(state));
  const unfinished = item.applications.find(({ state }) => !isDone(state));
  const last = unfinished ?? of('written') ?? of('ready') ?? of('already');
  if (last === undefined) return [];
  const direction = options.to === 'back' ? ['--back'] : ['--to', options.to];
  const again = (...more: readonly string[]): string => sameRollout(raw, options.application, ...direction, ...more);
  const back = sameRollout(raw, unfinished?.application ?? options.application, '--back');
  const waiting = item.left.length === 0 ? [] : [`Not begun: ${item.left.join(', ')}`];
  switch (last.state) {
    case 'refused':
      return [...waiting, 'Nothing was written.', `Next: ${mending(last, item.environment) ?? again()}`];
    case 'planned': {
      const names = [...new Set(item.applications.flatMap(productionIn))];
      const consent = names.length === 0 ? ['--yes'] : names.map((name) => `--confirm=${name}`);
      return [...waiting, 'Nothing was written.', `Next: ${again(...consent)}`];
    }
    case 'not ready': {
      const isChanged = last.externalSecrets.some(({ state }) => state === 'changed');
      return [
        `✗ ${ready(last)}`,
        ...waiting,
        isChanged ? 'Its applications receive other bytes than before.' : `To go back: ${back}`,
        `Next: ${isChanged && options.to !== 'back' ? back : again()}`,
      ];
    }
    case 'stopped':
      return [`– ${ready(last)}; no longer watched`, ...waiting, `To go back: ${back}`, `Next: ${again()}`];
    case 'written':
      return [
        `✓ ${written(item)}`,
        'Deploy that. Then:',
        `Next: ${sameRollout({ ...raw, watch: true }, options.application, ...direction)}`,
      ];
    case 'already':
    case 'ready':
      return [
        ...item.applications.map((one) => `✓ ${one.application}: ${ready(one)}`),
        ...afterwards(item, last, back, options),
      ];
  }
}

function isDone(state: RolledOut['state']): boolean {
  return state === 'ready' || state === 'already' || state === 'written';
}

function ready({ externalSecrets, to, state, secrets }: RolledOut): string {
  if (externalSecrets.length === 0) return `${state === 'already' ? 'configured already, and ' : ''}reads from ${to}`;
  const count = externalSecrets.filter((one) => one.state === 'ready').length;
  const bytes = secrets.some(({ result }) => result === 'different')
    ? 'with the bytes that it holds'
    : 'bytes unchanged';
  return `${count} of ${plural(externalSecrets.length, 'ExternalSecret')} Ready from ${to}${count === externalSecrets.length ? `, ${bytes}` : ''}`;
}

function written({ applications, environment }: RolloutItem): string {
  const names = applications.filter(({ state }) => state === 'written').map(({ application }) => application);
  return `configured and synthesised for ${environment}: ${names.join(', ')}`;
}

function mending({ to, secrets, application }: RolledOut, environment: string): string | undefined {
  if (secrets.every(({ result }) => result === 'same')) return undefined;
  const direction = to === 'azure-keyvault-store' ? 'azure' : 'vault';
  const where = environment === 'dev' ? '' : `--environment ${environment} `;
  return `npm run migrate-secrets-to-${direction} -- ${where}--application ${application}`;
}

/** Other environments read config/ as well: what moves there is led over there, too. */
function afterwards({ environment }: RolloutItem, last: RolledOut, back: string, options: RolloutOptions): string[] {
  const { application, to } = options;
  const chosen = application === undefined ? [] : ['--application', application];
  const verify = ['npm run verify-secrets -- --environment', environment, ...chosen].join(' ');
  if (to === 'back') return [`Next: ${verify}`];
  const other = last.environments.find((one) => one.environment !== environment && one.from !== one.to)?.environment;
  const there = other === undefined ? verify : sameRollout({ environment: other }, application, '--to', to);
  return [`To go back: ${back}`, `Next: ${there}`];
}
