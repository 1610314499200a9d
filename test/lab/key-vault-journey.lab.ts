/** Key Vault by the production manifests as they are: Workload Identity from the ServiceAccount to the Secret, with both clients of the operator. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Platform } from '../../src/model/platform.ts';
import { remoteKey } from '../../src/model/platform.ts';
import type { SecretValue } from '../../src/model/secret-value.ts';
import { pairsOf } from './journey-values.ts';
import { aiPlatformToKeyVault, Journey } from './journey.ts';
import { startLabAzure } from './lab-azure.ts';
import type { LabAzure } from './lab-azure.ts';
import { startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { predictedCalls } from './predicted-calls.ts';
import { expectedSecrets, secretsIn } from './received-secrets.ts';
import { untilRests } from './until.ts';

const keyVault = 'kv-platform-prod';
/** The one edit of a manifest that a test makes: Lockstep writes `false`, the operator's default. */
const withSdk = (manifest: string): string => manifest.replace('useAzureSDK: false', 'useAzureSDK: true');
const unedited = (manifest: string): string => manifest;

describe('from an empty Key Vault to Secrets', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'lockstep-key-vault-journey-'));
  /** In the order in which it is made; all of it also when `before` fails. */
  const cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rmSync(root, { recursive: true, force: true }));
  let lab: Lab;
  let labAzure: LabAzure;
  let journey: Journey;
  let platform: Platform;
  let stored: ReadonlyMap<string, SecretValue>;

  before(async () => {
    lab = cleanup.use(
      await startLab({ folder: path.join(root, 'lab'), parts: ['external-secrets'], externalSecrets: 'later' }),
    );
    labAzure = await startLabAzure(lab, keyVault);
    cleanup.defer(labAzure.close);
    await lab.startOperator(labAzure.operatorOptions);
    journey = new Journey({ cluster: lab.kubernetes, environment: 'production', variables: labAzure.variables });
    cleanup.defer(() => journey.end());
    aiPlatformToKeyVault(journey.repository);
    platform = await journey.platform();
    stored = await labAzure.write(pairsOf(platform, 'azure-keyvault-store', 'all'));
    journey.synth();
  });
  after(() => cleanup.disposeAsync());

  /** Operation, status and path of each since then. */
  const requestsSince = (start: number): string[] =>
    labAzure.azure.requests
      .slice(start)
      .map(({ operation, path: asked, status }) => `${operation ?? '?'} ${status} ${asked}`);

  for (const [client, edit] of [
    ['its default client, from the manifests as they are', unedited],
    ['useAzureSDK: true', withSdk],
  ] as const)
    describe(client, () => {
      it('every ExternalSecret is ready, and the Secrets are what the catalog and the store say', async () => {
        await deleteSecrets();
        await journey.apply(edit);
        assert.equal((await journey.ready()).length, 14);
        const expected = expectedSecrets(
          platform,
          (secret) => stored.get(remoteKey(secret)) ?? assert.fail(secret.name),
        );
        assert.deepEqual(await secretsIn(lab.kubernetes, platform), expected);
      });

      it('reads each of the six secrets of the AI platform once in a refresh', async (test) => {
        const asked = (): number => labAzure.azure.requests.length;
        await untilRests('the operator', asked);
        const start = asked();
        await journey.refresh({ namespace: 'ai-platform-engineering' });
        await untilRests('the operator', asked);
        const requests = requestsSince(start);
        const six = platform.secrets.filter(({ application }) => application === 'ai-platform-engineering');
        assert.deepEqual(
          requests.filter((line) => line.startsWith('SecretGet 200')).toSorted(),
          six.map(({ keyVaultName }) => `SecretGet 200 ${keyVault}/secrets/${keyVaultName}`).toSorted(),
        );
        const kinds = Map.groupBy(requests, (line) => line.split(' ').slice(0, 2).join(' '));
        const told = [...kinds].map(([kind, lines]) => `${kind}: ${lines.length}`);
        test.diagnostic(`6 reads; ${told.join(', ')}; in all ${requests.length}`);
        const count = (kind: string): number => kinds.get(kind)?.length ?? 0;
        const { version } = platform.environment.externalSecrets;
        assert.deepEqual(predictedCalls(journey.texts(edit), 'ai-platform-engineering', version), {
          ...{ reads: count('SecretGet 200'), challenges: count('SecretGet 401'), lists: 0 },
          ...{ logins: count('Token 200'), discoveries: count('Discovery 200'), tokenLookups: 0, tokenRevocations: 0 },
        });
      });
    });

  /** Also the Secrets: the garbage collector takes its time. */
  const deleteSecrets = async (): Promise<void> => {
    const { kubectl } = lab.kubernetes;
    await kubectl(['delete', 'externalsecrets', '--all', '--all-namespaces']);
    const made = ['--selector', 'reconcile.external-secrets.io/managed=true'];
    await kubectl(['delete', 'secrets', '--all-namespaces', ...made, '--ignore-not-found']);
    assert.deepEqual(await secretsIn(lab.kubernetes, platform), {});
  };

  describe('broken on purpose', () => {
    const fails = async (pattern: RegExp, deadlineMs = 6000): Promise<void> => {
      await assert.rejects(journey.refresh({ namespace: 'headlamp', deadlineMs }), pattern);
    };
    const synthWrong = (file: string, right: string, wrong: string): void => {
      journey.repository.edit(file, right, wrong);
      journey.synth();
      journey.repository.edit(file, wrong, right);
    };
    afterEach(async () => {
      journey.variables = labAzure.variables;
      journey.synth();
      await journey.apply();
      await journey.refresh();
    });

    it('a wrong name of the Key Vault: the ExternalSecrets name the host that is not there', async () => {
      synthWrong('config/environments.ts', `'${keyVault}'`, "'kv-platform-prd'");
      // The default client would try again for 30, 60 and 120 s before it says anything.
      await journey.apply(withSdk);
      await fails(
        /ExternalSecret headlamp\/headlamp-oidc: SecretSyncedError: .*lookup kv-platform-prd\.vault\.azure\.net.*no such host/,
        20_000,
      );
    });

    it('a federated credential for another audience: Entra’s refusal is told', async () => {
      journey.variables = labAzure.variablesOfMisled;
      journey.synth();
      await journey.apply();
      await fails(/ExternalSecret headlamp\/headlamp-oidc: SecretSyncedError: [^]*AADSTS700212: .*audience/);
    });

    it('a wrong name of a secret: the ExternalSecret names what is missing of it', async () => {
      synthWrong('config/secrets.ts', "keyVaultName: 'headlamp-tls'", "keyVaultName: 'headlamp-tsl'");
      await journey.apply();
      await fails(
        /ExternalSecret headlamp\/headlamp-tls: SecretSyncedError: .*required in headlamp-tsl, but missing or empty: tls\.crt, tls\.key$/m,
      );
    });
  });
});
