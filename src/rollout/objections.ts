/** What speaks against a roll-out, a line each, before anything is changed. Pure. */
import type { EnvironmentChange } from './configuration-change.ts';
import type { Digests, ExpectedSecret } from './expected-secret.ts';
import { differingKeys } from './expected-secret.ts';

export type Facts = {
  readonly isBack: boolean;
  /** Whether the stores hold different things. */
  readonly isDifferent: boolean;
  readonly expected: readonly ExpectedSecret[];
  readonly environments: readonly EnvironmentChange[];
  /** What the Secrets of the cluster hold, by `namespace/name`. */
  readonly digests: ReadonlyMap<string, Digests>;
};

export function objections({ isBack, isDifferent, expected, environments, digests }: Facts): string[] {
  return [
    ...(isDifferent && !isBack ? ['The stores do not hold the same: nothing is changed.'] : []),
    ...(isBack || isDifferent
      ? []
      : expected.flatMap((one) => notRead(one, digests.get(`${one.namespace}/${one.name}`)))),
    ...environments
      .filter(({ from, to }) => from !== undefined && to === undefined)
      .map(({ environment }) => `config/ could not be resolved for ${environment} any more.`),
  ];
}

/** The operator has not read it since its store changed: it would change with the roll-out, and not because of it. */
function notRead({ namespace, name, retained, digests }: ExpectedSecret, found: Digests | undefined): string[] {
  const keys = found === undefined || retained ? [] : differingKeys(digests, found);
  if (keys.length === 0) return [];
  return [
    `${namespace}/${name} holds other bytes than the stores: ${keys.join(', ')}. Have it read first:`,
    `  kubectl annotate externalsecret ${name} --namespace ${namespace} --overwrite force-sync="$(date +%s)"`,
  ];
}
