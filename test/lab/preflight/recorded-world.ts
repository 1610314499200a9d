/** The world of a case, from what was written into it, as the predictor asks for it. */
import { goString } from '../../../src/eso/go/go-string.ts';
import { defaultSettings } from '../../../src/eso/operator-settings.ts';
import type { World } from '../../../src/eso/prediction.ts';
import type { ListedProviderSecret, ProviderAnswer, ProviderRequest } from '../../../src/eso/provider.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import type { RecordedWorld } from './observed.ts';
import type { WrittenSecret } from './remote-writes.ts';
import { operatorVersion } from './operator-version.ts';
import { readResources, typedSecret } from './read-resources.ts';

/** As the lab runs it. */
export const operator = defaultSettings(operatorVersion);

export function recordedWorld({ stores, resources, remote, namespaceLabels }: RecordedWorld): World {
  const find = (kind: string, name: string, namespace: string | undefined): KubernetesObject | undefined =>
    [...stores, ...resources].find(
      (object) => object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace,
    );
  const token = ({ store }: ProviderRequest): 'right' | 'wrong' => {
    const { provider } = store.spec;
    const key = provider.kind === 'vault' ? provider.config.auth?.tokenSecretRef?.key : undefined;
    return key === 'wrong' ? 'wrong' : 'right';
  };
  return {
    operator,
    store: (kind, name, namespace) => {
      const found = find(kind, name, namespace);
      const [read] = found === undefined ? [] : readResources([found]).stores;
      return read?.resource ?? 'absent';
    },
    namespaceLabels: () => namespaceLabels,
    secret: (namespace, name) => {
      const found = find('Secret', name, namespace);
      return found === undefined ? 'absent' : typedSecret(found);
    },
    configMap: (namespace, name) => {
      const found = find('ConfigMap', name, namespace);
      return found === undefined ? 'absent' : ((found['data'] ?? {}) as Readonly<Record<string, string>>);
    },
    serviceAccount: (namespace, name) => {
      const found = find('ServiceAccount', name, namespace);
      return found === undefined ? 'absent' : { annotations: found.metadata.annotations ?? {} };
    },
    read: (request) => {
      if (request.kind.startsWith('vault') && token(request) === 'wrong') return refusedByVault(2);
      return answer(request, remote);
    },
  };
}

function answer(request: ProviderRequest, remote: readonly WrittenSecret[]): ProviderAnswer {
  switch (request.kind) {
    case 'key-vault-secret':
      if (!/^[0-9a-zA-Z-]{1,127}$/.test(request.name)) return refusedName(request.name);
      return keyVaultAnswer(keyVaultSecret(request, remote), request.version);
    case 'key-vault-secrets': {
      const secrets = inKeyVault(request, remote).filter(({ state }) => state !== 'deleted');
      return {
        kind: 'list',
        secrets: sortedByName(
          secrets.map((secret) => ({
            name: secret.key,
            tags: secret.tags,
            enabled: secret.state !== 'disabled',
            answer: request.match(secret.key, secret.tags ?? {}) ? keyVaultAnswer(secret, '') : undefined,
          })),
        ),
      };
    }
    case 'vault-secret':
      return vaultSecret(request.path, request.version, remote);
    case 'vault-metadata': {
      const found = remote.find((secret) => vaultPath('metadata', secret) === request.path);
      if (found === undefined) return missingInVault(request.path);
      return { kind: 'present', secret: { value: goString('null'), tags: found.tags } };
    }
    case 'vault-secrets': {
      const listed = remote.flatMap((secret): ListedProviderSecret[] => {
        const path = vaultPath('metadata', secret);
        if (path?.startsWith(request.path) !== true) return [];
        const name = path.slice(request.path.length);
        const { tags } = secret;
        return [{ name, tags, enabled: true, answer: request.match(name) ? vaultAnswer(secret, '') : undefined }];
      });
      return listed.length === 0 ? { kind: 'missing' } : { kind: 'list', secrets: sortedByName(listed) };
    }
  }
}

function sortedByName(secrets: readonly ListedProviderSecret[]): readonly ListedProviderSecret[] {
  return secrets.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function inKeyVault({ store }: ProviderRequest, remote: readonly WrittenSecret[]): readonly WrittenSecret[] {
  const { provider } = store.spec;
  const url = provider.kind === 'azurekv' ? provider.config.vaultUrl : '';
  const name = /^https:\/\/([^./]+)/.exec(url)?.[1] ?? '';
  return remote.filter(
    ({ place }) => place.startsWith('key-vault') && `kv-preflight${place.slice('key-vault'.length)}` === name,
  );
}

function keyVaultSecret(
  request: Extract<ProviderRequest, { kind: 'key-vault-secret' }>,
  remote: readonly WrittenSecret[],
): WrittenSecret | undefined {
  const key = request.name.toLowerCase();
  return inKeyVault(request, remote).find((secret) => secret.key.toLowerCase() === key);
}

function keyVaultAnswer(secret: WrittenSecret | undefined, version: string): ProviderAnswer {
  if (secret === undefined) return { kind: 'missing' };
  const { value, older = [], versions, state, tags, refusal } = secret;
  if (refusal !== undefined)
    return {
      ...{ kind: 'refused', status: 403, code: refusal.code, errors: [refusal.message] },
      ...(refusal.inner !== undefined && { innerCode: refusal.inner }),
    };
  const values = [...older, value];
  const index = version === '' ? older.length : versions.indexOf(version);
  const text = values[index];
  if (state === 'deleted' || text === undefined) return { kind: 'missing' };
  const isNewest = index === older.length;
  if (state === 'disabled' && isNewest)
    return { kind: 'disabled', message: 'Operation get is not allowed on a disabled secret.' };
  return { kind: 'present', secret: { value: goString(text), tags: isNewest ? tags : undefined } };
}

function refusedName(name: string): ProviderAnswer {
  const errors = [`The request URI contains an invalid name: ${name}`];
  return { kind: 'refused', status: 400, code: 'BadParameter', errors };
}

function vaultPath(part: 'data' | 'metadata', { place, key }: WrittenSecret): string | undefined {
  if (place === 'vault') return `secret/${part}/${key}`;
  return place === 'vault-v1' ? `kv1/${key}` : undefined;
}

function vaultSecret(path: string, version: string, remote: readonly WrittenSecret[]): ProviderAnswer {
  const isKv2 = path.startsWith('secret/');
  if (!/^(?:secret|kv1)\/(?!data\/cases\/[^/]+\/denied\/)/.test(path)) return refusedByVault(1);
  if (isKv2 && !/^secret\/data\/./.test(path)) return { kind: 'no-data-field' };
  if (isKv2 && version !== '' && !/^-?\d+$/.test(version)) {
    const errors = [
      `Field validation failed: error converting input for field "version": cannot parse '' as int: strconv.ParseInt: parsing "${version}": invalid syntax`,
    ];
    return { kind: 'refused', status: 400, code: '', errors };
  }
  const found = remote.find((secret) => vaultPath('data', secret) === path);
  return found === undefined ? { kind: 'missing' } : vaultAnswer(found, isKv2 ? version : '');
}

function vaultAnswer({ value, older = [], state, tags }: WrittenSecret, version: string): ProviderAnswer {
  const values = [...older, value];
  const number = Number(version);
  const index = number <= 0 ? older.length : number - 1;
  const text = values[index];
  if (text === undefined || (state === 'deleted' && index === older.length)) return { kind: 'missing' };
  return { kind: 'present', secret: { value: goString(text), tags } };
}

function missingInVault(path: string): ProviderAnswer {
  return /^(?:secret|kv1)\//.test(path) ? { kind: 'missing' } : refusedByVault(1);
}

function refusedByVault(errors: 1 | 2): ProviderAnswer {
  const text =
    errors === 1
      ? '1 error occurred:\n\t* permission denied\n\n'
      : '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n';
  return { kind: 'refused', status: 403, code: '', errors: [text] };
}
