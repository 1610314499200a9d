/**
 * A cluster that exists, by its kubeconfig, in the place of the lab's own: Vault and the operator run on this machine and reach it from
 * outside. What the lab puts into it is taken out again; what is there already is refused and never changed.
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Kubernetes } from './kubernetes.ts';
import { runKubectl } from './kubernetes.ts';
import { LabError } from './needs.ts';
import type { LabSite } from './site.ts';

type Config = {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data'?: string };
  }[];
};

/** @param file of a cluster's administrator; everything in it is used as it is */
export async function useCluster(site: LabSite, file: string): Promise<Kubernetes> {
  const program = site.binary('kubernetes', 'kubectl');
  const before = { ...site.variables('kubectl'), KUBECONFIG: file };
  // One file, flattened: the operator and the tests use it in places of their own.
  const text = await runKubectl(program, before, [
    'config',
    'view',
    '--raw',
    '--minify',
    '--flatten',
    '--output',
    'json',
  ]);
  const kubeconfig = site.write('kubeconfig', text);
  const [{ cluster }] = (JSON.parse(text) as Config).clusters as [Config['clusters'][number]];
  const ca = cluster['certificate-authority-data'];
  if (ca === undefined) throw new LabError(`${file} names no CA of the cluster`);
  const caFile = site.write('kubernetes/apiserver.crt', Buffer.from(ca, 'base64').toString());
  const variables = { ...site.variables('kubectl'), KUBECONFIG: kubeconfig };
  const kubectl: Kubernetes['kubectl'] = (args, input) => runKubectl(program, variables, args, input);
  const get: Kubernetes['get'] = async (resource) => {
    try {
      return { status: 200, text: await kubectl(['get', '--raw', resource]) };
    } catch (error) {
      if (/NotFound|not find the requested resource/.test((error as Error).message)) return { status: 404, text: '' };
      throw error;
    }
  };
  const { issuer } = JSON.parse((await get('/.well-known/openid-configuration')).text) as { issuer: string };
  const there = await kubectl(['get', ...ofTheLab, '--ignore-not-found', '--output', 'name']);
  const crds = await kubectl(['get', 'customresourcedefinitions', '--output', 'name']);
  const inTheWay = [...there.split('\n'), ...crds.split('\n').filter(isOfTheOperator)].filter((name) => name !== '');
  if (inTheWay.length > 0)
    throw new LabError(
      `the cluster of ${file} has what the lab would make, and nothing was changed: ${inTheWay.join(', ')}`,
    );
  // Its credentials may be anything that kubectl knows; what asks hundreds of times has a cluster of the lab's own.
  const send: Kubernetes['send'] = () => Promise.reject(new LabError('a cluster that is given takes no such requests'));
  return { server: cluster.server, kubeconfig, caFile, issuer, kubectl, get, send, given: true };
}

/** What vault.ts makes for Vault's own ServiceAccount. */
const ofTheLab = ['namespace/vault', 'clusterrolebinding/vault-server-binding'];

function isOfTheOperator(name: string): boolean {
  return name.endsWith('.external-secrets.io');
}

/** Names of the given cluster, for a view that can resolve no other. */
export async function hostsOf({ server }: Kubernetes): Promise<Record<string, string>> {
  const { hostname } = new URL(server);
  return isIP(hostname) === 0 ? { [hostname]: (await lookup(hostname, 4)).address } : {};
}

/** To be called once the operator has stopped. */
export async function leaveCluster({ kubectl }: Kubernetes): Promise<void> {
  const crds = (await kubectl(['get', 'customresourcedefinitions', '--output', 'name']))
    .split('\n')
    .filter(isOfTheOperator);
  for (const what of [crds, ofTheLab].filter(({ length }) => length > 0))
    await kubectl(['delete', ...what, '--ignore-not-found', '--timeout', '60s']);
}
