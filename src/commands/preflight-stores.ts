/** The stores that manifests name, as clients to read them with: addresses of the manifests or of the environment, credentials of the environment. */
import type { ProviderAnswer, ProviderRequest } from '../eso/provider.ts';
import type { AzureProvider, Store, VaultProvider } from '../eso/resources.ts';
import { PlatformError } from '../model/problem.ts';
import { CarefulReader } from '../preflight/careful-reader.ts';
import { storeId } from '../preflight/create-world.ts';
import type { ProviderReader } from '../preflight/drive-predictions.ts';
import type { NotRead, ReadStore } from '../preflight/preflight-result.ts';
import { createKeyVaultReader, createVaultReader } from '../preflight/store-reader.ts';
import { createKeyVaultStore } from '../stores/key-vault/key-vault-store.ts';
import type { ParsedKeyVaultVariables } from '../stores/key-vault/key-vault-settings.ts';
import { parseKeyVaultSettings } from '../stores/key-vault/key-vault-settings.ts';
import { createVaultStore } from '../stores/vault/vault-store.ts';
import type { CommandContext } from './command.ts';
import { readVaultVariables } from './vault-connection.ts';

export type StoreReaders = {
  readonly read: ProviderReader;
  /** Whether nothing could be read of it. */
  isUnread(store: Store): boolean;
  /** What was read of each store, in the order in which they were first asked. */
  stores(): readonly ReadStore[];
  close(): Promise<void>;
};

/** A client that several stores of one address share; or why there is none. */
type Connection = {
  readonly readFrom: string;
  readonly reader: CarefulReader | NotRead;
  readonly close?: () => Promise<unknown>;
};

export function createStoreReaders(context: Pick<CommandContext, 'environment' | 'note'>): StoreReaders {
  const connections = new Map<string, Connection>();
  const used = new Map<string, { readonly store: Store; readonly connection: Connection; reads: number }>();
  let azure: ParsedKeyVaultVariables | undefined;

  function connect(request: ProviderRequest): Connection {
    const { provider } = request.store.spec;
    switch (provider.kind) {
      case 'vault':
        return shared(vaultKey(provider.config, request), () => connectVault(provider.config, request, context));
      case 'azurekv':
        azure ??= announced(parseKeyVaultSettings(context.environment), context);
        return shared(provider.config.vaultUrl, () => connectKeyVault(provider.config, azure));
      case 'other':
        return {
          readFrom: provider.name,
          reader: {
            because: `stores of ${provider.name} are not read here`,
            mendable: false,
            hint: 'Vault and Azure Key Vault are. The ExternalSecrets of other stores are not predicted.',
          },
        };
    }
  }

  function shared(key: string, create: () => Connection): Connection {
    const there = connections.get(key) ?? create();
    connections.set(key, there);
    return there;
  }

  return {
    async read(request): Promise<ProviderAnswer> {
      const id = storeId(request.store);
      const one = used.get(id) ?? { store: request.store, connection: connect(request), reads: 0 };
      used.set(id, one);
      const { reader } = one.connection;
      if (!(reader instanceof CarefulReader)) return { kind: 'unknown', because: `it was not read: ${reader.because}` };
      one.reads += 1;
      return reader.read(request);
    },

    isUnread: (store) => notReadOf(used.get(storeId(store))?.connection) !== undefined,

    stores: () =>
      [...used.values()].map(({ store, connection, reads }) => ({
        kind: store.kind,
        name: store.metadata.name,
        namespace: store.metadata.namespace,
        readFrom: connection.readFrom,
        reads,
        notRead: notReadOf(connection),
      })),

    async close() {
      await Promise.all([...connections.values()].map(async ({ close }) => close?.()));
    },
  };
}

function notReadOf(connection: Connection | undefined): NotRead | undefined {
  const { reader } = connection ?? {};
  return reader instanceof CarefulReader ? reader.notRead : reader;
}

/** Vaults of one address and namespace are one for each mount. */
function vaultKey({ server, namespace = '' }: VaultProvider, request: ProviderRequest): string {
  return JSON.stringify([server, namespace, mountOf(request)]);
}

/** The operator's path leads through it: `secret` of `secret/data/team/app`. */
function mountOf(request: ProviderRequest): string {
  const { provider } = request.store.spec;
  const given = provider.kind === 'vault' ? provider.config.path : undefined;
  if (given !== undefined && given !== '') return given.replace(/^\/+|\/+$/g, '');
  const path = 'path' in request ? request.path : '';
  return /^(.+?)\/(?:data|metadata)(?:\/|$)/.exec(path)?.[1] ?? 'secret';
}

function connectVault(
  config: VaultProvider,
  request: ProviderRequest,
  context: Pick<CommandContext, 'environment'>,
): Connection {
  if (config.version === 'v1')
    return {
      readFrom: `Vault ${config.server}`,
      reader: {
        because: 'it is a KV v1 store, and those are not read here',
        mendable: false,
        hint: 'Upgrade the mount: vault kv enable-versioning; and set version: v2.',
      },
    };
  const { variables, problems } = readVaultVariables(context);
  const address = variables.address ?? config.server;
  const readFrom = `Vault ${address}${variables.address === undefined || address === config.server ? '' : ' (VAULT_ADDR)'}`;
  const [problem] = problems;
  if (problem !== undefined)
    return { readFrom, reader: { because: `${problem.where} ${problem.message}`, hint: problem.hint, mendable: true } };
  const { token } = variables;
  if (token === undefined)
    return {
      readFrom,
      reader: {
        because: 'there is no token for it',
        mendable: true,
        hint: `Sign in (vault login, which writes ~/.vault-token) or set VAULT_TOKEN${variables.address === undefined ? ', and VAULT_ADDR where it is reached from here' : ''}. To try it without a Vault: npm run dev -- --seed`,
      },
    };
  const mount = mountOf(request);
  const tls = { ...variables.tls, ca: variables.tls?.ca ?? bundleOf(config) };
  const namespace = config.namespace ?? variables.namespace;
  return connected(readFrom, () => {
    const store = createVaultStore({ address, mount, namespace, tls, auth: { kind: 'token', token } });
    return { read: createVaultReader(store, mount), close: () => store.close() };
  });
}

/** Base64 of PEM, as the API has bytes. */
function bundleOf({ caBundle }: VaultProvider): string | undefined {
  const text = caBundle === undefined ? '' : Buffer.from(caBundle, 'base64').toString();
  return text.includes('-----BEGIN ') ? text : undefined;
}

/** AZURE_KEYVAULT_URI says where the vault of that name is reached from here: an embedded one, or through a tunnel. */
function connectKeyVault({ vaultUrl }: AzureProvider, parsed: ParsedKeyVaultVariables | undefined): Connection {
  const { variables, problems = [] } = parsed ?? {};
  const [problem] = problems;
  const given = variables?.vaultUrl;
  const isSame = given !== undefined && vaultName(given) === vaultName(vaultUrl);
  const address = isSame ? given : vaultUrl.replace(/\/+$/, '');
  const readFrom = `Key Vault ${address}${address === vaultUrl.replace(/\/+$/, '') ? '' : ' (AZURE_KEYVAULT_URI)'}`;
  if (problem !== undefined || variables === undefined)
    return {
      readFrom,
      reader: {
        because: `${problem?.where ?? ''} ${problem?.message ?? ''}`,
        hint: problem?.hint ?? '',
        mendable: true,
      },
    };
  return connected(readFrom, () => {
    const { auth, authorityHost, tls } = variables;
    const store = createKeyVaultStore({ vaultUrl: address, auth, authorityHost, tls });
    return { read: createKeyVaultReader(store), close: () => store.close() };
  });
}

function connected(
  readFrom: string,
  create: () => { readonly read: ProviderReader; readonly close: () => Promise<unknown> },
): Connection {
  try {
    const { read, close } = create();
    return { readFrom, reader: new CarefulReader(readFrom, read), close };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { readFrom, reader: { because: error.message, hint: error.hint, mendable: true } };
  }
}

function vaultName(url: string): string | undefined {
  return URL.parse(url)?.hostname.split('.')[0];
}

function announced(parsed: ParsedKeyVaultVariables, { note }: Pick<CommandContext, 'note'>): ParsedKeyVaultVariables {
  parsed.warnings.forEach(note);
  return parsed;
}
