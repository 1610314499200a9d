/** Vault, from nothing to Secrets: bootstrap-vault, seed, synth, apply. And what is broken on purpose says why. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Platform } from '../../src/model/platform.ts';
import { remoteKey } from '../../src/model/platform.ts';
import type { SecretValue } from '../../src/model/secret-value.ts';
import { SecretValue as Value } from '../../src/model/secret-value.ts';
import { createVaultStore } from '../../src/stores/vault/vault-store.ts';
import type { Run } from '../fixtures/repository.ts';
import { bootstrapVault } from './bootstrap-vault.ts';
import { awkward, pairsOf, writeAll } from './journey-values.ts';
import { Journey } from './journey.ts';
import { startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { expectedSecrets, hashOf, secretsIn } from './received-secrets.ts';
import { untilRests } from './until.ts';
import { predictedCalls } from './predicted-calls.ts';
import { auditedRequests, logIn, tryAs } from './vault-requests.ts';

describe('from an empty Vault to Secrets', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'lockstep-vault-journey-'));
  /** In the order in which it is made; all of it also when `before` fails. */
  const cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rmSync(root, { recursive: true, force: true }));
  let lab: Lab;
  let journey: Journey;
  let platform: Platform;
  let stored: ReadonlyMap<string, SecretValue>;
  let rootToken: string;

  before(async () => {
    lab = cleanup.use(await startLab({ folder: path.join(root, 'lab'), parts: ['vault', 'external-secrets'] }));
    rootToken = readFileSync(lab.vault.rootTokenFile, 'utf8');
    journey = new Journey({ cluster: lab.kubernetes, environment: 'dev' });
    cleanup.defer(() => journey.end());
    platform = await journey.platform();
  });
  after(() => cleanup.disposeAsync());

  const bootstrap = (...args: string[]): Run => bootstrapVault(lab, journey, ...args);
  const changes = (): string[] =>
    auditedRequests(lab.vault)
      .filter(
        ({ operation, path: asked }) => !['read', 'list'].includes(operation) && asked !== 'sys/capabilities-self',
      )
      .map(({ operation, path: asked }) => `${operation} ${asked}`);

  it('bootstrap-vault shows its plan and writes nothing, then writes it, then has nothing to write', () => {
    const before = changes();
    const plan = bootstrap('--plan');
    assert.equal(plan.status, 1, plan.stderr);
    assert.match(plan.stdout, /\n1 unchanged, 7 to create\.\n\nNothing was written\./);
    assert.deepEqual(changes(), before);

    const written = bootstrap('--yes');
    assert.equal(written.status, 0, written.stdout + written.stderr);
    assert.match(
      written.stderr,
      /^Vault for dev: .*\n\n(?: {2}[+=] .*\n){8}\n1 unchanged, 7 to create\.\n\n(?:✓ created: .*\n){7}$/,
    );
    assert.match(written.stdout, /\n✓ read again: all 8 are as they should be\nNext: npm run synth\n$/);
    const after = changes();
    assert.equal(after.length, before.length + 7);

    const again = bootstrap('--yes');
    assert.equal(again.status, 0, again.stdout + again.stderr);
    assert.match(again.stdout, /\n8 unchanged\.\n\n✓ Vault is as it should be\n/);
    assert.deepEqual(changes(), after);
  });

  it('makes every ExternalSecret ready, by the manifests of synth as they are', async () => {
    const store = createVaultStore({ address: lab.vault.url, auth: { kind: 'token', token: new Value(rootToken) } });
    try {
      stored = await writeAll(store, pairsOf(platform, 'vault-secret-store', 'all'));
    } finally {
      await store.close();
    }
    journey.synth();
    await journey.apply();
    assert.equal((await journey.ready()).length, 14);
    await lab.kubernetes.kubectl([
      'wait',
      '--for=condition=Ready',
      '--timeout=30s',
      'clustersecretstore/vault-secret-store',
    ]);
  });

  it('gives Secrets that are what the catalog and the store say, byte for byte, and nothing besides', async () => {
    const expected = expectedSecrets(platform, (secret) => stored.get(remoteKey(secret)) ?? assert.fail(secret.name));
    const found = await secretsIn(lab.kubernetes, platform);
    assert.deepEqual(found, expected);
    assert.equal(Object.keys(found).length, 14);
    // Said once without src/eso: the bytes that were written.
    const { NOT_DECLARED: _, ...arriving } = awkward;
    assert.deepEqual(
      found['ai-platform-engineering/agent-slack-secrets']?.data,
      Object.fromEntries(Object.entries(arriving).map(([key, value]) => [key, hashOf(value)])),
    );
  });

  it('lets the operator’s token read what is declared, and do nothing else', async () => {
    const token = await logIn(lab.vault, lab.kubernetes);
    for (const { vaultPath } of platform.secrets)
      assert.equal(await tryAs(lab.vault, token, 'GET', `secret/data/${vaultPath}`), 200, vaultPath);
    assert.equal(await tryAs(lab.vault, token, 'GET', 'auth/token/lookup-self'), 200);

    const [declared = ''] = platform.secrets.map(({ vaultPath }) => vaultPath);
    const folder = path.dirname(declared);
    await lab.vault.request('POST', `secret/data/${folder}/other`, { data: { KEY: 'value' } });
    const others = [
      ...[`data/${folder}/other`, `data/${folder}`, `data/${declared}/below`, `data/${declared}x`, 'data/other'],
      ...[`metadata/${declared}`, `subkeys/${declared}`, 'config'],
    ].map((name) => ['GET', `secret/${name}`]);
    for (const [method = '', name = ''] of [
      ...others,
      ...platform.secrets.flatMap(({ vaultPath }) => [
        ...['POST', 'PATCH', 'DELETE'].map((method) => [method, `secret/data/${vaultPath}`]),
        ['DELETE', `secret/metadata/${vaultPath}`],
        ['POST', `secret/destroy/${vaultPath}`],
      ]),
      ...['', folder, 'nextjs', 'platform'].map((name) => ['LIST', `secret/metadata/${name}`]),
      ...['sys/mounts', 'sys/policies/acl/external-secrets', 'auth/kubernetes/config'].map((name) => ['GET', name]),
      ...['auth/token/create', 'sys/capabilities-self', 'cubbyhole/a'].map((name) => ['POST', name]),
    ])
      assert.equal(await tryAs(lab.vault, token, method, name), 403, `${method} ${name}`);

    const other = lab.kubernetes.kubectl([
      'create',
      'token',
      '--namespace',
      'external-secrets',
      'default',
      '--audience',
      'vault',
    ]);
    await assert.rejects(logIn(lab.vault, lab.kubernetes, await other), /403/, 'another ServiceAccount');
    const audience = lab.kubernetes.kubectl(['create', 'token', '--namespace', 'external-secrets', 'external-secrets']);
    await assert.rejects(logIn(lab.vault, lab.kubernetes, await audience), /invalid audience/, 'another audience');
  });

  it('reads each of the six secrets of the AI platform once in a refresh', async (test) => {
    const asked = (): number => auditedRequests(lab.vault).length;
    await untilRests('the operator', asked);
    const before = asked();
    await journey.refresh({ namespace: 'ai-platform-engineering' });
    await untilRests('the operator', asked);
    const requests = auditedRequests(lab.vault).slice(before);
    const reads = requests.filter(({ path: asked }) => asked.startsWith('secret/'));
    const six = platform.secrets.filter(({ application }) => application === 'ai-platform-engineering');
    assert.deepEqual(
      reads.map(({ operation, path: asked }) => `${operation} ${asked}`).toSorted(),
      six.map(({ vaultPath }) => `read secret/data/${vaultPath}`).toSorted(),
    );
    const count = (name: string): number => requests.filter(({ path: asked }) => asked === name).length;
    const names = ['auth/kubernetes/login', 'auth/token/lookup-self', 'auth/token/revoke-self'] as const;
    test.diagnostic(`6 reads; ${names.map((name) => `${name}: ${count(name)}`).join(', ')}; in all ${requests.length}`);
    assert.deepEqual(names.map(count), [0, 6, 0], 'it has a token, and asks whether it is still good');
    const { version } = platform.environment.externalSecrets;
    const predicted = predictedCalls(journey.texts(), 'ai-platform-engineering', version);
    assert.deepEqual(predicted, {
      ...{ reads: reads.length, lists: 0, challenges: 0, discoveries: 0 },
      ...{ logins: count(names[0]), tokenLookups: count(names[1]), tokenRevocations: count(names[2]) },
    });
  });

  it('logs in again where the token that it kept is taken away', async () => {
    const asked = (): number => auditedRequests(lab.vault).length;
    await lab.vault.request('PUT', 'sys/leases/revoke-prefix/auth/kubernetes/login', {});
    const before = asked();
    await journey.refresh({ namespace: 'ai-platform-engineering' });
    await untilRests('the operator', asked);
    const paths = auditedRequests(lab.vault)
      .slice(before)
      .map(({ path: name }) => name);
    assert.ok(paths.includes('auth/kubernetes/login'), paths.join(' '));
    assert.equal(paths.filter((name) => name.startsWith('secret/')).length, 6);
  });

  describe('broken on purpose', () => {
    afterEach(async () => {
      journey.synth();
      await journey.apply();
      await journey.refresh();
    });

    it('a wrong field name: the ExternalSecret names the secret and the field', async () => {
      const [right, wrong] = ['SLACK_BOT_TOKEN: {', 'SLACK_BOT_TOKN: {'] as const;
      journey.repository.edit('config/secrets.ts', right, wrong);
      journey.synth();
      journey.repository.edit('config/secrets.ts', wrong, right);
      await journey.apply();
      await assert.rejects(
        journey.ready({ deadlineMs: 6000 }),
        /agent-slack-secrets: SecretSyncedError: could not update secret; last event: .*required in ai-platform-engineering\/slack-secret, but missing or empty: SLACK_BOT_TOKN$/m,
      );
    });

    it('another audience in the store: Vault’s refusal is told', async () => {
      await journey.apply((manifest) => manifest.replace(/^(\s+audiences:\s+- )vault$/m, '$1other'));
      await assert.rejects(
        journey.refresh({ namespace: 'nextjs', deadlineMs: 6000 }),
        /ExternalSecret nextjs\/nextjs-secrets: SecretSyncedError: [^]*ClusterSecretStore vault-secret-store: InvalidProviderConfig: .*invalid audience/,
      );
    });
  });
});
