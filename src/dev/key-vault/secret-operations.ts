/** What is done to a secret that is not deleted: set, get, update, delete, backup, restore. The checks are in the service's order. */
import {
  beingDeleted,
  beingRecovered,
  deletedButRecoverable,
  invalidBackup,
  managedSecret,
  restoreConflict,
  secretDisabled,
  secretNotFound,
  tooManyVersions,
} from './key-vault-errors.ts';
import type { KeyVaultError } from './key-vault-reply.ts';
import { renderDeletedSecret, renderSecret } from './secret-bundle.ts';
import { isError, parseBody, readBlob, readProperties, readValue } from './secret-body.ts';
import type { SecretProperties } from './secret-body.ts';
import { ok } from './vault-context.ts';
import type { KeyVault, OperationHandler, OperationRequest } from './vault-context.ts';
import { keyOf } from './vault-secrets.ts';
import type { Found, SecretHeader, SecretVersion } from './vault-secrets.ts';

/** Microsoft's limit of a backup. */
const maxBackedUpVersions = 500;

const getSecret: OperationHandler = (request) => {
  const { vault, api } = request;
  const found = findVersion(request);
  if (isError(found)) return found;
  const { secret, version } = found;
  // Expiry does not stand in the way: `nbf` and `exp` only inform [doc].
  if (!version.enabled) return secretDisabled;
  return ok(renderSecret(vault.traits, api, secret, version, { value: true, version: true }));
};

const setSecret: OperationHandler = ({ vault, api, route, body, nowMs }) => {
  const fields = parseBody(body);
  if (isError(fields)) return fields;
  const value = readValue(fields);
  if (isError(value)) return value;
  const properties = readProperties(fields);
  if (isError(properties)) return properties;
  const found = vault.secrets.find(keyOf(route.name), nowMs);
  const refused = refuseReuse(found, route.name);
  if (refused !== undefined) return refused;
  if (found?.secret.managed) return managedSecret('set');
  const { secret, version } = addVersion(vault, found?.secret, route.name, { ...properties, ...value }, nowMs);
  return ok(renderSecret(vault.traits, api, secret, version, { value: true, version: true }));
};

/** A new version takes nothing from the ones before it [doc]. @param kid the key of a certificate: makes the secret a managed one */
export function addVersion(
  { secrets, createId }: KeyVault,
  before: SecretHeader | undefined,
  name: string,
  given: SecretProperties & Pick<SecretVersion, 'value'>,
  nowMs: number,
  kid?: (version: string) => string,
): { readonly secret: SecretHeader; readonly version: SecretVersion } {
  const nowS = Math.floor(nowMs / 1000);
  const id = createId();
  const version: SecretVersion = {
    enabled: true,
    ...given,
    version: id,
    ...(kid !== undefined && { kid: kid(id) }),
    created: nowS,
    updated: nowS,
    ...(before !== undefined && { previous: before.latest }),
  };
  const secret: SecretHeader = {
    ...(before ?? { name, incarnation: createId() }),
    latest: version.version,
    ...(kid !== undefined && { managed: true }),
  };
  secrets.putVersion(secret, version);
  secrets.putHeader(secret);
  return { secret, version };
}

/** What is not said stays; tags that are given take the place of all [mem]. */
const updateSecret: OperationHandler = (request) => {
  const { vault, api, body, nowMs } = request;
  const fields = parseBody(body);
  if (isError(fields)) return fields;
  const properties = readProperties(fields);
  if (isError(properties)) return properties;
  const found = findVersion(request);
  if (isError(found)) return found;
  const { secret, version } = found;
  if (secret.managed) return managedSecret('update');
  const updated = { ...version, ...properties, updated: Math.floor(nowMs / 1000) };
  vault.secrets.putVersion(secret, updated);
  return ok(renderSecret(vault.traits, api, secret, updated, { version: true }));
};

const deleteSecret: OperationHandler = (request) => {
  const { vault, api, nowMs, route } = request;
  const { secrets, traits } = vault;
  const found = secrets.find(keyOf(route.name), nowMs);
  if (found?.state === 'recovering') return beingRecovered;
  if (found?.state !== 'live') return secretNotFound(route.name);
  if (found.secret.managed) return managedSecret('delete');
  const { recoveredAtMs: _, ...rest } = found.secret;
  const secret: SecretHeader = { ...rest, deletedAtMs: nowMs };
  secrets.putHeader(secret);
  return ok(renderDeletedSecret(traits, api, secret, secrets.latest(secret), { version: true }));
};

const backupSecret: OperationHandler = ({ vault, route, nowMs }) => {
  const { secrets, seal } = vault;
  const found = secrets.find(keyOf(route.name), nowMs);
  if (found?.state !== 'live') return secretNotFound(route.name);
  const { secret } = found;
  if (secret.managed) return managedSecret('backup');
  const keys = secrets.versions(secret);
  if (keys.size > maxBackedUpVersions) return tooManyVersions;
  const versions: SecretVersion[] = [];
  for (let key = keys.from(''); key !== undefined; key = keys.after(key)) {
    const version = secrets.version(secret, key);
    if (version !== undefined) versions.push(version);
  }
  return ok({ value: seal.close({ name: secret.name, latest: secret.latest, versions }) });
};

/** All versions come back with their ids and times, under the name that they had [rec]. */
const restoreSecret: OperationHandler = ({ vault, api, body, nowMs }) => {
  const { secrets, seal, createId, traits } = vault;
  const fields = parseBody(body);
  if (isError(fields)) return fields;
  const backup = seal.open(readBlob(fields) ?? '');
  if (backup === undefined) return invalidBackup;
  const found = secrets.find(keyOf(backup.name), nowMs);
  const refused = refuseReuse(found, backup.name);
  if (refused !== undefined) return refused;
  if (found !== undefined) return restoreConflict(`${traits.baseUrl}/secrets/${backup.name}/${backup.latest}`);
  const secret: SecretHeader = { name: backup.name, incarnation: createId(), latest: backup.latest };
  for (const version of backup.versions) secrets.putVersion(secret, version);
  secrets.putHeader(secret);
  return ok(renderSecret(traits, api, secret, secrets.latest(secret), { version: true }));
};

function refuseReuse(found: Found | undefined, name: string): KeyVaultError | undefined {
  switch (found?.state) {
    case 'deleted':
      return deletedButRecoverable(name);
    case 'deleting':
      return beingDeleted;
    case 'recovering':
      return beingRecovered;
    default:
      return undefined;
  }
}

function findVersion({
  vault: { secrets },
  route: { name, version },
  nowMs,
}: OperationRequest): { readonly secret: SecretHeader; readonly version: SecretVersion } | KeyVaultError {
  const found = secrets.find(keyOf(name), nowMs);
  if (found?.state !== 'live') return secretNotFound(version === '' ? name : `${name}/${version}`);
  const { secret } = found;
  // What is not 32 hexadecimal digits is no key of the storage.
  const id = version === '' ? secret.latest : version.toLowerCase();
  const kept = /^[0-9a-f]{32}$/.test(id) ? secrets.version(secret, id) : undefined;
  return kept === undefined ? secretNotFound(`${name}/${version}`) : { secret, version: kept };
}

export const secretOperations = {
  SecretGet: getSecret,
  SecretSet: setSecret,
  SecretUpdate: updateSecret,
  SecretDelete: deleteSecret,
  SecretBackup: backupSecret,
  SecretRestore: restoreSecret,
};
