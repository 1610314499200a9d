/** The options of `npm run preflight`, checked. */
import { existsSync } from 'node:fs';
import { parseVersion } from '../eso/operator-settings.ts';
import type { OperatorSettings } from '../eso/prediction.ts';
import { checkDnsLabel } from '../model/names.ts';
import { UsageError } from '../model/problem.ts';

type Options = Readonly<Record<string, unknown>>;

export type PreflightCommandOptions = {
  /** Files, folders, `-`; none: what synth would write. */
  readonly paths: readonly string[];
  /** Undefined: the environment's. */
  readonly operatorVersion: string | undefined;
  readonly defaultNamespace: string;
  readonly kubeconfig: string | undefined;
  readonly dollarsPer10000: number;
};

/** @throws UsageError */
export function parsePreflightOptions(options: Options): PreflightCommandOptions {
  const paths = (options['arguments'] ?? []) as readonly string[];
  const { operatorVersion, namespace, kubeconfig, price } = options as Readonly<Record<string, string | undefined>>;
  if (paths.length > 0 && options['application'] !== undefined)
    throw new UsageError(
      '--application chooses among the applications of config/',
      'Leave it out, or leave out the manifests.',
    );
  if (operatorVersion !== undefined) operatorVersionOf(operatorVersion);
  const problem = namespace === undefined ? undefined : checkDnsLabel(namespace);
  if (problem !== undefined) throw new UsageError(`--namespace "${namespace ?? ''}" is ${problem}`, 'Correct it.');
  if (kubeconfig !== undefined && !existsSync(kubeconfig))
    throw new UsageError(
      `--kubeconfig "${kubeconfig}" is not there`,
      'Give the file that KUBECONFIG names, usually ~/.kube/config.',
    );
  const dollarsPer10000 = Number(price ?? '0.03');
  if (!(dollarsPer10000 >= 0) || price?.trim() === '')
    throw new UsageError(
      `--price "${price ?? ''}" is not an amount`,
      'Give dollars for 10,000 operations, such as 0.03.',
    );
  return { paths, operatorVersion, defaultNamespace: namespace ?? 'default', kubeconfig, dollarsPer10000 };
}

/** @throws UsageError */
export function operatorVersionOf(text: string): OperatorSettings['version'] {
  const version = parseVersion(text);
  if (version === undefined)
    throw new UsageError(`--operator-version "${text}" is not a version`, 'Write it as 0.20.4.');
  return version;
}
