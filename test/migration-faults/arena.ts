/** Both embedded servers in this process, and a repository whose commands run against them in processes of their own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AzureOperation } from '../../src/dev/azure/answer-by-host.ts';
import { createEmbeddedAzure } from '../../src/dev/azure/embedded-azure.ts';
import type { EmbeddedAzure, EmbeddedAzureOptions } from '../../src/dev/azure/embedded-azure.ts';
import type { LoggedRequest } from '../../src/dev/request-log.ts';
import { createMemoryStorage } from '../../src/dev/storage.ts';
import type { Storage } from '../../src/dev/storage.ts';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import type { EmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { Repository } from '../fixtures/repository.ts';
import type { Run } from '../fixtures/repository.ts';
import { writeCatalog } from './catalog.ts';
import type { CatalogSecret } from './catalog.ts';
import { insideKeyVault, insideVault } from './inside-stores.ts';
import type { InsideStore, InsideVault } from './inside-stores.ts';
import type { Random } from './random.ts';

export type Side = 'vault' | 'key-vault';

/** A request that was answered, or cut off. @property name the secret's name in that store */
export type Seen = {
  readonly side: Side;
  readonly request: LoggedRequest;
  readonly name: string | undefined;
  readonly isWrite: boolean;
};

export type Storages = Readonly<Record<'vault' | 'azure', Storage>>;

export type Insides = { readonly vault: InsideVault; readonly 'key-vault': InsideStore };

export type Watched = {
  /** Its exit code is null where it was killed. */
  readonly finished: Promise<Run>;
  readonly child: ChildProcess;
};

const identity = {
  clientId: '00000000-0000-4000-8000-0000000000c1',
  objectId: '00000000-0000-4000-8000-0000000000b1',
};
const vaultName = 'kv-migrations';
export const clientSecret = 'canary-client-secret-kJ4q';

export class Arena {
  readonly repository: Repository;
  readonly secrets: readonly CatalogSecret[];
  readonly vault: EmbeddedVault;
  readonly azure: EmbeddedAzure;
  /** Of both servers: others can be started on them. */
  readonly storages: Storages;
  readonly inside: Insides;
  /** See scaled-limits.ts. */
  static readonly scaledLimits = {
    NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'scaled-limits.ts')} --disable-warning=ExperimentalWarning`,
  };
  /** Told of each request, before its answer is sent. */
  onSeen: (seen: Seen) => void = () => undefined;
  /** What is set beside the addresses and tokens. */
  variables: Readonly<Record<string, string>> = {};

  readonly #failures: unknown[] = [];

  private constructor(
    repository: Repository,
    secrets: readonly CatalogSecret[],
    { vault, azure, storages }: Pick<Arena, 'vault' | 'azure' | 'storages'>,
    inside: Insides,
  ) {
    [this.repository, this.secrets, this.inside] = [repository, secrets, inside];
    [this.vault, this.azure, this.storages] = [vault, azure, storages];
    writeFileSync(path.join(repository.root, 'ca.pem'), azure.caCertificate);
  }

  /** @param count of secrets in the catalog */
  static async open(count: number, random: Random, options: Partial<EmbeddedAzureOptions> = {}): Promise<Arena> {
    const seen: { tell: (side: Side, request: LoggedRequest) => void } = { tell: () => undefined };
    const storages: Storages = { vault: createMemoryStorage(), azure: createMemoryStorage() };
    const [vault, azure] = await Promise.all([
      createEmbeddedVault({
        ...{ storage: storages.vault, random: random.next },
        onRequest: (request) => seen.tell('vault', request),
      }),
      createEmbeddedAzure({
        ...options,
        ...{ storage: storages.azure, random: random.next },
        vaults: [
          { name: vaultName, roleAssignments: [{ objectId: identity.objectId, role: 'Key Vault Secrets Officer' }] },
        ],
        identities: [{ ...identity, clientSecret: new SecretValue(clientSecret) }],
        onRequest: (request: LoggedRequest<AzureOperation>) => seen.tell('key-vault', request),
      }),
    ]);
    const repository = new Repository();
    const inside = {
      vault: insideVault(storages.vault),
      'key-vault': insideKeyVault(azure, storages.azure, vaultName),
    };
    const arena = new Arena(repository, writeCatalog(repository.root, count), { vault, azure, storages }, inside);
    seen.tell = (side, request) => {
      const name = inside[side].nameIn(request.path);
      // The token service and Vault's sys/ are asked by POST too, and hold no secrets.
      const isWrite = request.method !== 'GET' && name !== undefined;
      try {
        arena.onSeen({ side, request, name, isWrite });
      } catch (error) {
        // Thrown here, it would be the server's.
        arena.#failures.push(error);
      }
    };
    return arena;
  }

  get environment(): Readonly<Record<string, string>> {
    return {
      ...{ VAULT_ADDR: this.vault.url, VAULT_TOKEN: this.vault.rootToken, HOME: this.repository.root },
      ...{ AZURE_KEYVAULT_NAME: vaultName, AZURE_KEYVAULT_URI: this.azure.vaultUrl(vaultName) },
      ...{ AZURE_AUTHORITY_HOST: this.azure.authorityUrl, AZURE_TENANT_ID: this.azure.tenantId },
      ...{ AZURE_CLIENT_ID: identity.clientId, AZURE_CLIENT_SECRET: clientSecret },
      LOCKSTEP_AZURE_CACERT: path.join(this.repository.root, 'ca.pem'),
      ...this.variables,
    };
  }

  /** A command in a process of its own; this one goes on. `finished` throws what `onSeen` has thrown. */
  start(...args: readonly string[]): Watched {
    const { child } = this.repository.start(args, { variables: this.environment, stdio: 'pipe' });
    const finished = watch(child).then((run) => {
      for (const error of this.#failures.splice(0)) throw error;
      return run;
    });
    return { child, finished };
  }

  run(...args: readonly string[]): Promise<Run> {
    return this.start(...args).finished;
  }

  /** For limits that a shell sets. */
  runShell(line: string): Promise<Run> {
    const { PATH = '' } = process.env;
    const env = { PATH, ...this.environment };
    return watch(spawn('bash', ['-c', line], { cwd: this.repository.root, env, stdio: 'pipe' }));
  }
  /** On both servers, the token service among them. */
  clearFaults(): void {
    this.vault.faults.clear();
    this.azure.faults.clear();
  }

  journal(): string {
    const file = '.lockstep/migrations/dev.jsonl';
    return this.repository.has(file) ? this.repository.read(file) : '';
  }

  async close(): Promise<void> {
    await Promise.all([this.vault.close(), this.azure.close()]);
    this.repository.remove();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function watch(child: ChildProcess): Promise<Run> {
  child.stdin?.end();
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => (texts[name] += text));
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, ...texts })));
}
