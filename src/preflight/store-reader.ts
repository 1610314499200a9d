/**
 * A store of secrets as the operator's provider would answer. The contract knows more than the operator sees (a deleted secret) and less than
 * it may see (KV v1, a version that is no number): the first is made what the operator sees, the second is `unknown`, with the reason.
 */
import type { GoString } from '../eso/go/go-string.ts';
import { goString } from '../eso/go/go-string.ts';
import type { ListedProviderSecret, ProviderAnswer, ProviderRequest } from '../eso/provider.ts';
import { checkKeyVaultSecretName, checkVaultPath } from '../model/names.ts';
import type { ReadOutcome, SecretStore, Version } from '../stores/contract.ts';
import type { ProviderReader } from './drive-predictions.ts';

/** What Key Vault says of a secret that is disabled. */
const disabledMessage = 'Operation get is not allowed on a disabled secret.';

/**
 * @param mount of KV v2, without slashes at its ends: the store knows the paths below it
 * @returns a reader that throws what the store throws
 */
export function createVaultReader(store: SecretStore, mount: string): ProviderReader {
  return async (request) => {
    switch (request.kind) {
      case 'vault-secret':
        return readVaultSecret(store, mount, request);
      case 'vault-metadata':
        return readVaultMetadata(store, mount, request.path);
      case 'vault-secrets':
        return listVaultSecrets(store, mount, request);
      default:
        return unknown(`${store.name} has no Key Vault secrets`);
    }
  };
}

/** @returns a reader that throws what the store throws */
export function createKeyVaultReader(store: SecretStore): ProviderReader {
  return async (request) => {
    switch (request.kind) {
      case 'key-vault-secret': {
        const { name, version } = request;
        const problem = checkKeyVaultSecretName(name);
        if (problem !== undefined)
          return unknown(`"${name}" is ${problem}; Key Vault's own words for that are not known`);
        if (version !== '' && !/^[0-9a-f]{32}$/i.test(version))
          return unknown(`"${version}" is not a version as Key Vault makes them`);
        return answerOf(await store.read(name, versionOption(version)), goString);
      }
      case 'key-vault-secrets':
        return list(store, '', request.match);
      default:
        return unknown(`${store.name} has no paths of Vault`);
    }
  };
}

async function readVaultSecret(
  store: SecretStore,
  mount: string,
  { path, version }: Extract<ProviderRequest, { kind: 'vault-secret' }>,
): Promise<ProviderAnswer> {
  const name = below(path, `${mount}/data/`);
  if (name === undefined) return outside(path, mount);
  const problem = checkVaultPath(name);
  if (problem !== undefined) return unknown(`"${name}" is ${problem}`);
  if (version !== '' && !/^[1-9]\d{0,14}$/.test(version))
    return unknown(`"${version}" is not a number of a version in Vault`);
  return answerOf(await store.read(name, versionOption(version)), goString);
}

/** The contract gives tags beside a value, and of what has no value nothing. */
async function readVaultMetadata(store: SecretStore, mount: string, path: string): Promise<ProviderAnswer> {
  const name = below(path, `${mount}/metadata/`);
  if (name === undefined) return outside(path, mount);
  const outcome = await store.read(name);
  if (outcome.kind === 'missing' || outcome.kind === 'deleted')
    return unknown(`${path} has no version that can be read, and whether it has metadata was not looked at`);
  return answerOf(outcome, () => goString(''));
}

/** A folder that is not there and one in which everything is deleted differ to the operator: the first is a 404. */
async function listVaultSecrets(
  store: SecretStore,
  mount: string,
  { path, match }: Extract<ProviderRequest, { kind: 'vault-secrets' }>,
): Promise<ProviderAnswer> {
  const folder = below(path, `${mount}/metadata/`) ?? (path === `${mount}/metadata` ? '' : undefined);
  if (folder === undefined) return outside(path, mount);
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
  const found = await list(store, prefix, match);
  if (found.kind !== 'list' || found.secrets.length > 0) return found;
  for await (const _deleted of store.listDeleted(prefix === '' ? {} : { prefix })) return found;
  return { kind: 'missing' };
}

/** One after the other: a `find` is rare, and the store itself limits what is under way. */
async function list(
  store: SecretStore,
  prefix: string,
  match: (name: string, tags: Readonly<Record<string, string>>) => boolean,
): Promise<ProviderAnswer> {
  const secrets: ListedProviderSecret[] = [];
  for await (const { name, metadata } of store.list(prefix === '' ? {} : { prefix })) {
    const relative = name.slice(prefix.length);
    const { enabled, tags } = metadata;
    const wanted = enabled && match(relative, tags);
    const answer = wanted ? answerOf(await store.read(name), goString) : undefined;
    secrets.push({ name: relative, tags, enabled, answer });
  }
  const bytes = (text: string): string => goString(text);
  return { kind: 'list', secrets: secrets.toSorted((a, b) => (bytes(a.name) < bytes(b.name) ? -1 : 1)) };
}

function answerOf(outcome: ReadOutcome, value: (text: string) => GoString): ProviderAnswer {
  switch (outcome.kind) {
    case 'present':
      return {
        kind: 'present',
        secret: { value: value(outcome.value.reveal()), tags: outcome.metadata.tags },
      };
    case 'missing':
    case 'deleted':
      return { kind: 'missing' };
    case 'disabled':
      return { kind: 'disabled', message: disabledMessage };
    case 'forbidden':
      return { kind: 'forbidden-to-us' };
  }
}

function below(path: string, prefix: string): string | undefined {
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

function outside(path: string, mount: string): ProviderAnswer {
  return unknown(`${path} is not below the KV v2 mount ${mount}/`);
}

function versionOption(version: string): { readonly version?: Version } {
  return version === '' ? {} : { version: version as Version };
}

function unknown(because: string): ProviderAnswer {
  return { kind: 'unknown', because };
}
