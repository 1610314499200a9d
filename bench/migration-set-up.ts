/** What `bench -- migrate` measures with: the servers, their secrets, a repository that declares them, and one run of the command. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inParallel } from '../src/migrate/in-parallel.ts';
import { SecretValue } from '../src/model/secret-value.ts';
import { createVaultStore } from '../src/stores/vault/vault-store.ts';
import { writeRepository } from './generated-configuration.ts';
import type { Counts, ServersReady } from './migration-servers.ts';

const here = import.meta.dirname;
const main = path.join(path.dirname(here), 'src', 'main.js');

export type Servers = {
  readonly ready: ServersReady;
  readonly folder: string;
  /** @returns by the name of the Key Vault */
  counts(): Promise<Readonly<Record<string, Counts>>>;
  stop(): void;
};

export type Name = { readonly path: string; readonly name: string };

/** The first of the secrets, in both stores. */
export function namesOf(count: number): Name[] {
  return Array.from({ length: count }, (_, index) => ({
    path: `bench/secret-${index}`,
    name: `bench-secret-${index}`,
  }));
}

/** 1 KB of JSON in four fields, none like another's. */
export function valueOf(index: number): string {
  const fill = `${index}-`.repeat(400).slice(0, 800);
  return JSON.stringify({
    URL: `https://neighbour-${index}.corp.internal:8443/`,
    USERNAME: `user-${index}`,
    PASSWORD: `p-${fill.slice(0, 80)}`,
    NOTE: fill,
  });
}

export async function startServers(folder: string, keyVaults: readonly string[], mode = ''): Promise<Servers> {
  mkdirSync(folder, { recursive: true });
  const child = fork(path.join(here, 'migration-servers.ts'), [keyVaults.join(','), mode], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const [ready] = (await once(child, 'message')) as [ServersReady];
  writeFileSync(path.join(folder, 'ca.pem'), ready.azure.ca);
  return {
    ready,
    folder,
    async counts() {
      child.send('counts');
      const [counts] = (await once(child, 'message')) as [Readonly<Record<string, Counts>>];
      return counts;
    },
    stop: () => child.disconnect(),
  };
}

export function countsOf(counts: Readonly<Record<string, Counts>>, keyVault: string): Counts {
  const of = counts[keyVault];
  if (of === undefined) throw new Error(`nothing was asked of ${keyVault}: ${Object.keys(counts).join(', ')}`);
  return of;
}

export async function seedVault({ ready }: Servers, count: number): Promise<void> {
  const store = createVaultStore({
    address: ready.vault.url,
    auth: { kind: 'token', token: new SecretValue(ready.vault.token) },
  });
  await inParallel(namesOf(count), 32, async (name, index) => {
    const { kind } = await store.write(name.path, new SecretValue(valueOf(index)), { expected: 'absent' });
    if (kind !== 'written') throw new Error(`a secret could not be seeded: ${kind}`);
  });
  await store.close();
}

/** A token of Entra ID for Key Vault, as `az account get-access-token` gives one. */
export async function bearerOf({ ready }: Servers): Promise<string> {
  const { authorityUrl, tenantId, clientId, clientSecret, ca } = ready.azure;
  const { Agent, request } = await import('undici');
  const { lookupHost } = await import('../src/stores/lookup-host.ts');
  const dispatcher = new Agent({ connect: { ca, lookup: lookupHost } });
  const { body } = await request(`${authorityUrl.replace(/\/$/, '')}/${tenantId}/oauth2/v2.0/token`, {
    ...{ method: 'POST', dispatcher, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
      scope: `${resourceOf(ready)}/.default`,
    }).toString(),
  });
  const { access_token: token } = (await body.json()) as { access_token?: string };
  await dispatcher.close();
  if (token === undefined) throw new Error('the token service gave no token');
  return token;
}

/** What a vault's challenge names: the domain of all vaults. */
function resourceOf({ azure }: ServersReady): string {
  const url = new URL(Object.values(azure.vaults)[0] ?? '');
  return `${url.protocol}//${url.host.replace(/^[^.]+\./, '')}`;
}

export type Migrated = {
  /** From the start of the process to its exit. */
  readonly elapsedMs: number;
  readonly peakMb: number;
  /** How many secrets came to what; of a planned one its action. Empty for text. */
  readonly outcomes: Readonly<Record<string, number>>;
};

/** A repository that declares the secrets, and the command run in it. */
export class Benchmarked {
  readonly #folder: string;
  readonly #servers: Servers;

  constructor(folder: string, servers: Servers, count: number) {
    [this.#folder, this.#servers] = [path.join(folder, 'repository'), servers];
    writeRepository(this.#folder);
    writeMigratedConfiguration(this.#folder, count);
  }

  /** @param options.limited keeps to Azure's limits, as everybody's run does */
  async migrate(
    keyVault: string,
    args: readonly string[] = [],
    { limited = false, output = 'json' }: { readonly limited?: boolean; readonly output?: 'json' | 'text' } = {},
  ): Promise<Migrated> {
    const { vault, azure } = this.#servers.ready;
    const peakFile = path.join(this.#folder, 'peak');
    const preloads = ['report-peak.js', ...(limited ? [] : ['without-limits.js'])];
    const argv = [
      ...[...nodeOptions(), ...preloads.flatMap((file) => ['--import', path.join(here, file)])],
      ...[main, 'migrate-secrets-to-azure', '--yes', '--output', output, ...args],
    ];
    const startMs = performance.now();
    const child = spawn(process.execPath, argv, {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...{ PATH: process.env['PATH'], HOME: this.#folder, BENCH_PEAK_FILE: peakFile },
        ...{ VAULT_ADDR: vault.url, VAULT_TOKEN: vault.token },
        ...{ AZURE_KEYVAULT_NAME: keyVault, AZURE_KEYVAULT_URI: azure.vaults[keyVault] },
        ...{ AZURE_AUTHORITY_HOST: azure.authorityUrl, AZURE_TENANT_ID: azure.tenantId },
        ...{ AZURE_CLIENT_ID: azure.clientId, AZURE_CLIENT_SECRET: azure.clientSecret },
        LOCKSTEP_AZURE_CACERT: path.join(this.#servers.folder, 'ca.pem'),
      },
    });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => (texts[name] += text));
    const [status] = (await once(child, 'close')) as [number | null];
    const elapsedMs = performance.now() - startMs;
    if (status !== 0)
      throw new Error(`the migration ended with ${String(status)}:\n${texts.stderr}${texts.stdout.slice(-2000)}`);
    return {
      elapsedMs,
      peakMb: Number(readFileSync(peakFile, 'utf8')) / 1024,
      outcomes: output === 'json' ? outcomesOf(texts.stdout) : {},
    };
  }
}

/** As `npm run` starts the command. */
function nodeOptions(): string[] {
  const { scripts } = JSON.parse(readFileSync(path.join(path.dirname(here), 'package.json'), 'utf8')) as {
    scripts: Readonly<Record<string, string>>;
  };
  return (scripts['migrate-secrets-to-azure'] ?? '').split(' ').filter((word) => word.startsWith('--'));
}

function outcomesOf(stdout: string): Record<string, number> {
  const { items } = JSON.parse(stdout) as { items: [{ secrets: { action: string; outcome: string }[] }] };
  const counts: Record<string, number> = {};
  for (const { action, outcome } of items[0].secrets) {
    const word = outcome === 'planned' ? action : outcome;
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

/** As somebody writes it who has thousands of secrets of one kind: their fields stated once. */
function writeMigratedConfiguration(root: string, count: number): void {
  const config = path.join(root, 'config');
  mkdirSync(config, { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(path.join(config, file), text);
  write(
    'applications.ts',
    `import { defineApplications } from '../src/model/define';

export const applications = defineApplications([
  { name: 'bench', namespace: 'bench', chart: { type: 'NextJsChart' } },
]);
`,
  );
  write(
    'secrets.ts',
    `const fields = {
  URL: { description: 'Where it is', format: 'url' },
  USERNAME: { description: 'Who asks', format: 'text' },
  PASSWORD: { description: 'With which password', format: 'token', rotateAfterDays: 90 },
  NOTE: { description: 'Further settings', format: 'text', required: false },
};

export const secrets = Object.fromEntries(
  Array.from({ length: ${count} }, (_, index) => [
    \`secret-\${index}\`,
    {
      description: 'What bench needs to reach a neighbour',
      application: 'bench',
      vaultPath: \`bench/secret-\${index}\`,
      keyVaultName: \`bench-secret-\${index}\`,
      targets: [{ name: \`secret-\${index}\` }],
      fields,
    },
  ]),
);
`,
  );
  write(
    'environments.ts',
    `export const environments = {
  dev: {
    defaultStore: 'vault-secret-store',
    vault: { server: 'http://vault.vault.svc.cluster.local:8200', profile: 'dev' },
    gitOps: { kind: 'idpbuilder' },
    externalSecrets: { version: '0.20.4', refreshInterval: '1h0m0s' },
  },
};
`,
  );
}
