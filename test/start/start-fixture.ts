/** Stores in memory and a small platform to start, for the tests of the job and of its report. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Configuration, SecretDefinition } from '../../src/model/configuration.ts';
import type { Platform } from '../../src/model/platform.ts';
import type { StartedSecret, StartOptions, StartResult } from '../../src/start/start.ts';
import { start } from '../../src/start/start.ts';
import type { StoreOperation } from '../../src/stores/contract.ts';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { clientId, platformOf, soundConfiguration, tenantId } from '../fixtures/configuration.ts';

export const azure = { AZURE_KEYVAULT_NAME: 'kv-mine', AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId };

/** Two applications, one for each store; a secret of each kind. */
export function configuration(): Configuration {
  const sound = soundConfiguration();
  const hook: SecretDefinition = {
    description: 'hook',
    application: 'desk',
    vaultPath: 'desk/hook',
    keyVaultName: 'desk-hook',
    targets: [
      { name: 'hook', key: 'HOOK' },
      { name: 'hook', application: 'shop', key: 'HOOK', type: 'example.org/hook', template: { kind: 'hook' } },
    ],
    text: { format: 'token' },
  };
  return {
    ...sound,
    applications: [
      ...sound.applications,
      {
        name: 'desk',
        namespace: 'desk',
        chart: { type: 'NextJsChart', props: { secretStore: 'azure-keyvault-store' } },
      },
      { name: 'idle', namespace: 'idle', chart: { type: 'NextJsChart' } },
    ],
    secrets: { ...sound.secrets, hook },
  };
}

type Forbids = (operation: StoreOperation, name: string | undefined) => boolean;

export function stores(forbids?: Forbids): StartOptions['stores'] {
  const options = forbids === undefined ? {} : { forbids };
  return {
    vault: createMemoryStore({ name: 'Vault in memory', capabilities: vaultCapabilities, ...options }),
    keyVault: createMemoryStore({ name: 'Key Vault in memory', capabilities: keyVaultCapabilities, ...options }),
  };
}

export async function startWith(platform: Platform, of: StartOptions['stores'] = stores()): Promise<StartResult> {
  const outcome = await start({
    platform,
    stores: of,
    synthesise: () => Promise.resolve({ kind: 'written', output: 'dist/dev' }),
    fingerprintKey: randomBytes(32),
  });
  assert.ok(outcome.kind === 'started');
  return outcome.result;
}

export const secretsOf = (result: StartResult): StartedSecret[] =>
  result.applications.flatMap(({ secrets }) => secrets);
export const platform = (): Platform => platformOf(configuration(), azure);
export const plain = { colour: false, symbols: 'unicode' } as const;
