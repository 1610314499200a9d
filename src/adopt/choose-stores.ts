/** An environment of config/ has one Vault and one Key Vault: those that most of the ExternalSecrets read. */
import type { EnvironmentDefinition, StoreName } from '../model/configuration.ts';
import { checkGuid } from '../model/names.ts';
import type { GivenServiceAccount } from '../manifest-input/read-cluster-objects.ts';
import { parseGoDuration } from '../preflight/refresh-interval.ts';
import type { Candidate, Connection, LeftBehind } from './adoption.ts';

export type ChosenStores = {
  readonly candidates: readonly Candidate[];
  readonly left: readonly LeftBehind[];
  readonly environment: EnvironmentDefinition;
};

export function chooseStores(
  candidates: readonly Candidate[],
  serviceAccounts: readonly GivenServiceAccount[],
  version: string,
): ChosenStores {
  const most = new Map<StoreName, string | undefined>([
    ['vault-secret-store', mostCommon(ofStore(candidates, 'vault-secret-store').map(idOf))],
    ['azure-keyvault-store', mostCommon(ofStore(candidates, 'azure-keyvault-store').map(idOf))],
  ]);
  const kept = candidates.filter((candidate) => most.get(candidate.store) === idOf(candidate));
  const others = candidates.filter((candidate) => most.get(candidate.store) !== idOf(candidate));
  const [vault, azure] = [ofStore(kept, 'vault-secret-store'), ofStore(kept, 'azure-keyvault-store')];
  return {
    candidates: kept,
    left: others.map(({ given, connection }) => ({
      given,
      because: `it reads ${describe(connection)}, and most read another`,
      hint: 'An environment has one Vault and one Key Vault: adopt it as another environment.',
    })),
    environment: {
      defaultStore: azure.length > vault.length ? 'azure-keyvault-store' : 'vault-secret-store',
      vault: vaultOf(vault[0]?.connection),
      ...(azure[0] === undefined ? {} : { azure: azureOf(azure[0], serviceAccounts) }),
      gitOps: { kind: 'idpbuilder' },
      externalSecrets: { version, refreshInterval: commonInterval(kept) },
    },
  };
}

/** Without a Vault the environment still names one: it is not asked. */
function vaultOf(connection: Connection | undefined): EnvironmentDefinition['vault'] {
  const { server, mount } =
    connection?.kind === 'vault'
      ? connection
      : { server: 'https://vault-active.vault.svc.cluster.local:8200', mount: 'secret' };
  return { server, ...(mount === 'secret' ? {} : { mount }), profile: 'ha' };
}

function azureOf(
  { connection, request }: Candidate,
  serviceAccounts: readonly GivenServiceAccount[],
): NonNullable<EnvironmentDefinition['azure']> {
  const { provider } = request.store.spec;
  const reference = provider.kind === 'azurekv' ? provider.config.serviceAccountRef : undefined;
  const account = serviceAccounts.find(
    ({ name, namespace }) =>
      name === reference?.name && namespace === (reference.namespace ?? request.store.metadata.namespace ?? namespace),
  );
  const annotation = (name: string): string | undefined => account?.annotations[`azure.workload.identity/${name}`];
  const [keyVaultName, given] =
    connection.kind === 'azurekv' ? [connection.keyVaultName, connection.tenantId] : ['', undefined];
  const tenantId = guid(given ?? annotation('tenant-id'));
  const clientId = guid(annotation('client-id'));
  return {
    keyVaultName,
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(clientId === undefined ? {} : { clientId }),
  };
}

function guid(text: string | undefined): string | undefined {
  return text !== undefined && checkGuid(text) === undefined ? text : undefined;
}

function ofStore(candidates: readonly Candidate[], store: StoreName): Candidate[] {
  return candidates.filter((candidate) => candidate.store === store);
}

function idOf({ connection }: Candidate): string {
  return connection.kind === 'vault'
    ? JSON.stringify([connection.server.replace(/\/+$/, ''), connection.mount])
    : connection.keyVaultName;
}

function describe(connection: Connection): string {
  return connection.kind === 'vault'
    ? `the mount ${connection.mount} of Vault ${connection.server}`
    : `the Key Vault ${connection.keyVaultName}`;
}

function mostCommon(ids: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

function commonInterval(candidates: readonly Candidate[]): string {
  const intervals = candidates.map(({ given }) => canonicalInterval(given.resource.spec.refreshInterval));
  return mostCommon(intervals) ?? '1h0m0s';
}

/** As Go prints it, which is how the API server shows it: `1h0m0s`, `15m0s`, `30s`. Below a second: one second. */
export function canonicalInterval(text: string): string {
  const seconds = Math.max(1, Math.round(parseGoDuration(text) ?? 3600));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}h${minutes}m${seconds % 60}s`;
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
