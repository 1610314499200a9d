/**
 * `tenThousandMs`: 10,000 ExternalSecrets as synth writes them, half of them in Vault and half in Key Vault, predicted over stores in memory:
 * predictions, reads and the result, in one process, without reading the manifests. It is the first time in the process, as a person's run is;
 * `warmMs` is the median of those after it. `peakMb` is of the whole process, what is made for the bench included.
 *
 * `agreement` and `unpredictableShare` are those of the last comparison with the real operator on this machine (npm run test:preflight); where
 * there was none they are left out.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { synthManifests, itemsOf } from '../src/commands/preflight-input.ts';
import { operatorVersionOf } from '../src/commands/preflight-options.ts';
import { defaultSettings } from '../src/eso/operator-settings.ts';
import type { Configuration, SecretDefinition } from '../src/model/configuration.ts';
import type { Platform } from '../src/model/platform.ts';
import { remoteKey } from '../src/model/platform.ts';
import { resolve } from '../src/model/resolve.ts';
import { SecretValue } from '../src/model/secret-value.ts';
import { createWorld } from '../src/preflight/create-world.ts';
import type { ProviderReader } from '../src/preflight/drive-predictions.ts';
import { preflight } from '../src/preflight/preflight.ts';
import { createKeyVaultReader, createVaultReader } from '../src/preflight/store-reader.ts';
import { keyVaultCapabilities } from '../src/stores/key-vault-capabilities.ts';
import { createMemoryStore } from '../src/stores/memory/memory-store.ts';
import { vaultCapabilities } from '../src/stores/vault-capabilities.ts';
import { cacheFolder } from '../test/lab/build.ts';

const APPLICATIONS = 1000;
const SECRETS_EACH = 10;
const ROUNDS = 5;

export async function benchPreflight(): Promise<Record<string, number>> {
  const platform = generatedPlatform();
  const readers = await seededReaders(platform);
  const { version } = platform.environment.externalSecrets;
  const operator = defaultSettings(operatorVersionOf(version));
  const input = synthManifests(platform, { version: operator.version, defaultNamespace: 'default' }, undefined);
  const items = itemsOf(input, new Set());
  const world = createWorld({ manifests: input.resources, platformStores: [], cluster: undefined, operator });
  const times: number[] = [];
  const processorTimes: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    const result = await preflight({
      items,
      world,
      readers,
      isUnread: () => false,
      fingerprintKey: randomBytes(32),
      dollarsPer10000: 0.03,
    });
    times.push(performance.now() - start);
    const { user, system } = process.cpuUsage(cpu);
    processorTimes.push((user + system) / 1000);
    const synced = result.externalSecrets.filter(({ outcome }) => outcome === 'syncs').length;
    if (synced !== APPLICATIONS * SECRETS_EACH)
      throw new Error(
        `${synced} of ${items.length} sync: ${JSON.stringify(result.externalSecrets.find(({ outcome }) => outcome !== 'syncs'))}`,
      );
  }
  note(`rounds: ${shown(times)}; of the processors' time: ${shown(processorTimes)}`);
  const [first = Number.NaN, ...warm] = times;
  return {
    tenThousandMs: first,
    warmMs: warm.toSorted((a, b) => a - b)[Math.floor(warm.length / 2)] ?? Number.NaN,
    peakMb: process.resourceUsage().maxRSS / 1024,
    ...agreement(),
  };
}

function shown(times: readonly number[]): string {
  return `${times.map((ms) => ms.toFixed(0)).join(' ')} ms`;
}

function generatedPlatform(): Platform {
  const secrets: Record<string, SecretDefinition> = {};
  for (let index = 0; index < APPLICATIONS * SECRETS_EACH; index++) {
    const application = `app-${Math.floor(index / SECRETS_EACH)}`;
    const name = `${application}-secret-${index % SECRETS_EACH}`;
    secrets[name] = {
      description: 'What it needs to reach a neighbour',
      application,
      vaultPath: `${application}/${name}`,
      keyVaultName: name,
      targets: [{ name }],
      fields: {
        URL: { description: 'Where it is', format: 'url' },
        USERNAME: { description: 'Who asks', format: 'text' },
        PASSWORD: { description: 'With which password', format: 'token' },
        OPTIONS: { description: 'Further settings', format: 'json', required: false },
      },
    };
  }
  const configuration: Configuration = {
    applications: Array.from({ length: APPLICATIONS }, (_, index) => ({
      name: `app-${index}`,
      namespace: `app-${index}`,
      chart: {
        type: 'NextJsChart',
        props: { secretStore: index % 2 === 0 ? 'vault-secret-store' : 'azure-keyvault-store' },
      },
    })),
    secrets,
    environments: {
      dev: {
        defaultStore: 'vault-secret-store',
        vault: { server: 'http://vault.vault.svc:8200', profile: 'dev' },
        azure: {
          keyVaultName: 'kv-bench',
          tenantId: '00000000-0000-4000-8000-000000000001',
          clientId: '00000000-0000-4000-8000-000000000002',
        },
        gitOps: { kind: 'idpbuilder' },
        externalSecrets: { version: '0.20.4', refreshInterval: '1h0m0s' },
      },
    },
  };
  // The stores come with the operator's own chart.
  const resolution = resolve(
    {
      ...configuration,
      applications: [
        { name: 'external-secrets', namespace: 'external-secrets', chart: { type: 'ExternalSecretsChart' } },
        ...configuration.applications,
      ],
    },
    'dev',
    {},
    new Set(),
  );
  if (resolution.kind === 'wrong') throw new Error(JSON.stringify(resolution.problems.slice(0, 3)));
  return resolution.platform;
}

async function seededReaders(platform: Platform): Promise<ProviderReader> {
  const vault = createMemoryStore({ name: 'Vault', capabilities: vaultCapabilities });
  const keyVault = createMemoryStore({ name: 'Key Vault', capabilities: keyVaultCapabilities });
  for (const [index, secret] of platform.secrets.entries()) {
    const value = JSON.stringify({
      URL: `https://neighbour-${index}.example.org`,
      USERNAME: `example-user-${index}`,
      PASSWORD: `example-${'p'.repeat(24)}-${index}`,
      OPTIONS: '{"retries":3}',
      undeclared: 'example',
    });
    const store = secret.store === 'vault-secret-store' ? vault : keyVault;
    await store.write(remoteKey(secret), new SecretValue(value), { expected: 'absent' });
  }
  const [ofVault, ofKeyVault] = [createVaultReader(vault, 'secret'), createKeyVaultReader(keyVault)];
  return (request) => (request.kind.startsWith('vault') ? ofVault : ofKeyVault)(request);
}

/** What the last comparison with the real operator wrote, beside the servers that it built. */
function agreement(): Record<string, number> {
  const file = path.join(path.dirname(cacheFolder()), 'preflight-agreement.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    note('no comparison with the real operator was made on this machine: npm run test:lab makes one');
    return {};
  }
  const { agreement: agreed, unpredictableShare } = JSON.parse(text) as Record<string, unknown>;
  return {
    ...(typeof agreed === 'number' ? { agreement: agreed } : {}),
    ...(typeof unpredictableShare === 'number' ? { unpredictableShare } : {}),
  };
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
