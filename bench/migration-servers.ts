/**
 * The embedded Vault and Key Vault in a process of their own, as fork() starts it. The first message to its parent says how they are reached; to
 * any message it answers with what was asked of each Key Vault until then.
 */
import { createEmbeddedAzure } from '../src/dev/azure/embedded-azure.ts';
import type { EmbeddedAzureOptions } from '../src/dev/azure/embedded-azure.ts';
import { createEmbeddedVault } from '../src/dev/vault/embedded-vault.ts';
import { SecretValue } from '../src/model/secret-value.ts';

export type ServersReady = {
  readonly vault: { readonly url: string; readonly token: string };
  readonly azure: {
    readonly authorityUrl: string;
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly ca: string;
    /** By the name of the vault. */
    readonly vaults: Readonly<Record<string, string>>;
  };
};

/** Of one Key Vault. @property rejected answered with 429 */
export type Counts = { readonly calls: number; readonly creates: number; readonly rejected: number };

const identity = {
  clientId: '00000000-0000-4000-8000-0000000000c1',
  objectId: '00000000-0000-4000-8000-0000000000b1',
};
const clientSecret = 'example-client-secret';

const [names = '', throttled = ''] = process.argv.slice(2);
const counts = new Map<string, { calls: number; creates: number; rejected: number }>();
const vault = await createEmbeddedVault();
const azure = await createEmbeddedAzure({
  vaults: names.split(',').map((name) => ({
    name,
    roleAssignments: [{ objectId: identity.objectId, role: 'Key Vault Secrets Officer' }],
  })),
  identities: [{ ...identity, clientSecret: new SecretValue(clientSecret) }],
  throttle: throttled === 'throttled' && {},
  onRequest({ path, operation, status }) {
    // Before a vault's name nothing comes; the token service's paths begin with the tenant.
    const name = path.split('/').find((part) => part !== '') ?? '';
    const of = counts.get(name) ?? { calls: 0, creates: 0, rejected: 0 };
    // What asks for the challenge is turned away before it is counted.
    if (status !== 401) of.calls += 1;
    if (operation === 'SecretSet' && status === 200) of.creates += 1;
    if (status === 429) of.rejected += 1;
    counts.set(name, of);
  },
} satisfies EmbeddedAzureOptions);

const ready: ServersReady = {
  vault: { url: vault.url, token: vault.rootToken },
  azure: {
    ...{ authorityUrl: azure.authorityUrl, tenantId: azure.tenantId, clientId: identity.clientId, clientSecret },
    ca: azure.caCertificate,
    vaults: Object.fromEntries(names.split(',').map((name) => [name, azure.vaultUrl(name)])),
  },
};
process.send?.(ready);
process.on('message', () => process.send?.(Object.fromEntries(counts)));
process.on('disconnect', () => process.exit());
