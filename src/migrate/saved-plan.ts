/**
 * A plan on disk: what was to happen to which version of which secret, and no value. Applied, it does that and nothing else, and only while both
 * stores still hold what it was about.
 */
import { PlatformError } from '../model/problem.ts';
import { isObject } from '../model/shape.ts';
import type { MigrationPlan, PlanOptions } from './migration.ts';

const FORMAT = 2;

export type SavedPlan = {
  readonly format: typeof FORMAT;
  readonly environment: string;
  readonly from: string;
  readonly to: string;
  readonly options: PlanOptions;
  readonly secrets: readonly SavedSecret[];
};

type SavedSecret = {
  readonly name: string;
  readonly action: string;
  readonly source: string;
  readonly target: string;
};

/** Either store holds something else than when the plan was made. Exit code 2. */
class PlanStaleError extends PlatformError {
  constructor(changed: readonly string[]) {
    super(
      'PLAN_STALE',
      `the plan is not about what the stores hold now: ${changed.join(', ')}`,
      'Nothing was written. Make the plan anew: --save-plan.',
    );
  }
}

export type PlanFacts = Pick<SavedPlan, 'environment' | 'from' | 'to' | 'options'>;

export function savePlan(plan: MigrationPlan, facts: PlanFacts): SavedPlan {
  return { format: FORMAT, ...facts, secrets: plan.secrets.map(savedSecret) };
}

function savedSecret({ secret, action, from, to }: MigrationPlan['secrets'][number]): SavedSecret {
  return { name: secret.name, action: action.kind, source: from.version ?? '', target: to.version ?? '' };
}

/** @param text of the file. @throws {PlatformError} where it is no plan, or one of another format */
export function parsePlan(text: string, file: string): SavedPlan {
  const wrong = (because: string): PlatformError =>
    new PlatformError('PLAN', `${file} is not a plan: ${because}`, 'Make one: --save-plan FILE.');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw wrong('it is not JSON');
  }
  if (!isObject(parsed)) throw wrong('it is not an object');
  if (parsed['format'] !== FORMAT)
    throw wrong(`its format is ${String(parsed['format'])}, and this version of Lockstep knows ${FORMAT}`);
  const { environment, from, to, options, secrets } = parsed;
  const isSecret = (one: unknown): one is SavedSecret =>
    isObject(one) && ['name', 'action', 'source', 'target'].every((name) => typeof one[name] === 'string');
  if (typeof environment !== 'string' || typeof from !== 'string' || typeof to !== 'string')
    throw wrong('it does not say which stores it is about');
  if (!isObject(options)) throw wrong('its options are missing');
  const { overwrite, includeUndeclared, history } = options;
  if (typeof overwrite !== 'boolean' || typeof includeUndeclared !== 'boolean' || typeof history !== 'boolean')
    throw wrong('its options are missing');
  if (!Array.isArray(secrets) || !secrets.every(isSecret)) throw wrong('its secrets are missing');
  return { format: FORMAT, environment, from, to, options: { overwrite, includeUndeclared, history }, secrets };
}

/**
 * @param now the plan for the same secrets, made anew
 * @throws PlanStaleError
 */
export function checkStillHolds(saved: SavedPlan, now: MigrationPlan, facts: PlanFacts): void {
  const elsewhere = (['environment', 'from', 'to'] as const).filter((name) => saved[name] !== facts[name]);
  if (elsewhere.length > 0) throw new PlanStaleError(elsewhere.map((name) => `${name} was ${saved[name]}`));
  const current = new Map(now.secrets.map((planned) => [planned.secret.name, savedSecret(planned)]));
  const changed = saved.secrets.filter((one) => {
    const found = current.get(one.name);
    return found?.action !== one.action || found.source !== one.source || found.target !== one.target;
  });
  if (changed.length > 0) throw new PlanStaleError(changed.map(({ name }) => name));
}
