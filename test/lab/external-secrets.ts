/** External Secrets Operator, with the settings that its chart would give it, in a view in which names are pinned. */
import { readFileSync } from 'node:fs';
import { operatorValues } from '../../src/manifests/charts/external-secrets-chart.ts';
import { applyCrds } from './kubernetes.ts';
import type { Kubernetes } from './kubernetes.ts';
import type { LabSite } from './site.ts';

export type OperatorOptions = {
  /** Host name → address: what the operator is to find there, in addition to the cluster's own names. */
  readonly pinned?: Readonly<Record<string, string>>;
  /** CA certificates (PEM) that it trusts in place of the machine's. */
  readonly caFile?: string;
  /** In place of the chart's own value, here and for each of `extraArgs`. */
  readonly concurrent?: number;
  /** Flags of the operator without their dashes, such as `client-qps` or `experimental-enable-vault-token-cache`. */
  readonly extraArgs?: Readonly<Record<string, string | number | boolean>>;
};

export async function applyOperatorCrds(site: LabSite, kubernetes: Kubernetes): Promise<void> {
  await applyCrds(kubernetes, readFileSync(site.binary('external-secrets', 'crds.yaml'), 'utf8'));
}

/** @returns what the operator sees, as options of the supervisor */
export async function startOperator(
  site: LabSite,
  kubernetes: Kubernetes,
  hosts: Readonly<Record<string, string>>,
  { pinned = {}, caFile, concurrent = operatorValues.concurrent, extraArgs = {} }: OperatorOptions,
): Promise<readonly string[]> {
  const address = site.loopback.address();
  const [metrics, live] = [await site.loopback.port(), await site.loopback.port()];
  const flags = { ...operatorValues.extraArgs, ...extraArgs };
  const view = site.view('external-secrets', { ...hosts, ...pinned });
  const server = site.server({
    name: 'external-secrets',
    command: [
      site.binary('external-secrets', 'external-secrets'),
      `--concurrent=${concurrent}`,
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
      ...[`--metrics-addr=${address}:${metrics}`, `--live-addr=${address}:${live}`],
    ],
    variables: {
      ...site.variables('external-secrets'),
      KUBECONFIG: kubernetes.kubeconfig,
      ...(caFile === undefined ? {} : { SSL_CERT_FILE: caFile }),
    },
    view,
    // Its health endpoint answers before it works; this metric appears when the workers start.
    ready: async () => {
      const text = await (await fetch(`http://${address}:${metrics}/metrics`)).text();
      return text.includes('controller_runtime_max_concurrent_reconciles{controller="externalsecret"}');
    },
    graceMs: 1000,
  });
  await server.start();
  return view;
}
