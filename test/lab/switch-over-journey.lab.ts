/** From Vault to Key Vault while it runs, for one application and then for all: the Secrets are watched, and none changes. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Platform } from '../../src/model/platform.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { createVaultStore } from '../../src/stores/vault/vault-store.ts';
import { bootstrapVault } from './bootstrap-vault.ts';
import { pairsOf, writeAll } from './journey-values.ts';
import { aiPlatformToKeyVault, Journey } from './journey.ts';
import { startLabAzure } from './lab-azure.ts';
import type { LabAzure } from './lab-azure.ts';
import { startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { secretsIn } from './received-secrets.ts';
import { until } from './until.ts';
import { SecretWatch } from './watch-secrets.ts';

const keyVault = 'kv-platform-dev';

describe('the move from Vault to Key Vault', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'lockstep-switch-over-'));
  /** In the order in which it is made; all of it also when `before` fails. */
  const cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rmSync(root, { recursive: true, force: true }));
  let lab: Lab;
  let labAzure: LabAzure;
  let journey: Journey;
  let platform: Platform;
  let watch: SecretWatch;

  before(async () => {
    const parts = ['vault', 'external-secrets'] as const;
    lab = cleanup.use(await startLab({ folder: path.join(root, 'lab'), parts, externalSecrets: 'later' }));
    labAzure = await startLabAzure(lab, keyVault);
    cleanup.defer(labAzure.close);
    await lab.startOperator(labAzure.operatorOptions);
    journey = new Journey({ cluster: lab.kubernetes, environment: 'dev' });
    cleanup.defer(() => journey.end());
    const { repository } = journey;
    for (const _ of ['nextjs', 'backstage', 'headlamp'])
      repository.edit('config/applications.ts', ", props: { secretStore: 'azure-keyvault-store' }", '');
    platform = await journey.platform();

    const bootstrap = bootstrapVault(lab, journey, '--yes');
    assert.equal(bootstrap.status, 0, bootstrap.stdout + bootstrap.stderr);
    const token = new SecretValue(readFileSync(lab.vault.rootTokenFile, 'utf8'));
    const store = createVaultStore({ address: lab.vault.url, auth: { kind: 'token', token } });
    await writeAll(store, pairsOf(platform, 'vault-secret-store', 'strings'));
    await store.close();
    await labAzure.write(pairsOf(platform, 'azure-keyvault-store', 'strings'));

    journey.synth();
    await journey.apply();
    await journey.ready();
    watch = new SecretWatch(lab);
    cleanup.defer(() => watch.stop());
    await until('the watch has begun', () => Promise.resolve(watch.events.length === 14));
  });
  after(() => cleanup.disposeAsync());

  /** Deploys what config/ says now, has everything read. @returns store → how many ExternalSecrets read from it */
  const deploy = async (): Promise<Record<string, number>> => {
    journey.synth();
    await journey.apply();
    await journey.ready();
    await journey.refresh();
    const stores = (await journey.ready()).map(({ spec }) => spec.secretStoreRef?.name ?? '');
    return Object.fromEntries([...Map.groupBy(stores, (name) => name)].map(([name, all]) => [name, all.length]));
  };
  /** Names of what was read there since then. */
  const readFromKeyVault = (start: number): Set<string> =>
    new Set(
      labAzure.azure.requests
        .slice(start)
        .filter(({ operation, status }) => operation === 'SecretGet' && status === 200)
        .map(({ path: asked }) => asked),
    );
  const asTheyWere = (): Record<string, unknown> =>
    Object.fromEntries(watch.events.slice(0, 14).map(({ name, secret }) => [name, secret]));
  /** Of all that the watch has seen, up to a Secret that is made now. */
  const untouched = async (): Promise<void> => {
    const name = `seen-${watch.events.length}`;
    const metadata = { name, namespace: 'default', labels: { 'app.kubernetes.io/managed-by': 'lockstep' } };
    await journey.applyYaml(JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata }));
    await until('the watch has seen it', () =>
      Promise.resolve(watch.events.some((event) => event.name === `default/${name}`)),
    );
    assert.ok(watch.runs);
    const first = asTheyWere();
    for (const event of watch.events.slice(14).filter((event) => !event.name.startsWith('default/')))
      assert.deepEqual(
        { type: event.type, secret: event.secret },
        { type: 'MODIFIED', secret: first[event.name] },
        event.name,
      );
    assert.deepEqual(await secretsIn(lab.kubernetes, platform), sorted(first));
  };
  const sorted = (secrets: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(secrets).toSorted(([a], [b]) => (a < b ? -1 : 1)));

  it('of one application, by the two edits of the guide', async () => {
    const start = labAzure.azure.requests.length;
    journey.variables = { ...labAzure.variables, AZURE_KEYVAULT_NAME: keyVault };
    aiPlatformToKeyVault(journey.repository);
    assert.deepEqual(await deploy(), { 'azure-keyvault-store': 6, 'vault-secret-store': 8 });
    assert.equal(readFromKeyVault(start).size, 6);
    await untouched();
  });

  it('of all applications', async () => {
    const start = labAzure.azure.requests.length;
    journey.repository.edit(
      'config/environments.ts',
      "dev: {\n    defaultStore: 'vault-secret-store'",
      "dev: {\n    defaultStore: 'azure-keyvault-store'",
    );
    assert.deepEqual(await deploy(), { 'azure-keyvault-store': 14 });
    assert.equal(readFromKeyVault(start).size, 13);
    await untouched();
  });
});
