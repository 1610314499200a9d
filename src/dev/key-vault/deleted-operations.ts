/** What is done to a secret that is deleted and not purged: get, recover, purge. */
import { beingDeleted, deletedSecretNotFound, purgeProtected, secretNotFound } from './key-vault-errors.ts';
import { region } from './key-vault-reply.ts';
import type { KeyVaultError } from './key-vault-reply.ts';
import { renderDeletedSecret, renderSecret } from './secret-bundle.ts';
import { isError } from './secret-body.ts';
import { ok } from './vault-context.ts';
import type { OperationHandler, OperationRequest } from './vault-context.ts';
import { keyOf } from './vault-secrets.ts';
import type { SecretHeader } from './vault-secrets.ts';

/** While it is being deleted it is on neither side, for about 10 seconds [rec]: 404, which the SDKs' pollers take as "not yet". */
const getDeletedSecret: OperationHandler = ({ vault, api, route, nowMs }) => {
  const { secrets, traits } = vault;
  const found = secrets.find(keyOf(route.name), nowMs);
  if (found?.state !== 'deleted') return deletedSecretNotFound(route.name);
  return ok(renderDeletedSecret(traits, api, found.secret, secrets.latest(found.secret), { version: true }));
};

const recoverSecret: OperationHandler = (request) => {
  const { vault, api, nowMs } = request;
  // Of what is not there this is said as of a secret that is not deleted [rec].
  const deleted = findDeleted(request, secretNotFound);
  if (isError(deleted)) return deleted;
  const { deletedAtMs: _, ...rest } = deleted;
  const secret: SecretHeader = { ...rest, recoveredAtMs: nowMs };
  vault.secrets.putHeader(secret);
  return ok(renderSecret(vault.traits, api, secret, vault.secrets.latest(secret), { version: true }));
};

const purgeSecret: OperationHandler = (request) => {
  const { vault } = request;
  const deleted = findDeleted(request, deletedSecretNotFound);
  if (isError(deleted)) return deleted;
  if (vault.purgeProtection) return purgeProtected(vault.name, region);
  vault.secrets.purge(deleted);
  return { status: 204 };
};

function findDeleted(
  { vault, route, nowMs }: OperationRequest,
  notFound: (name: string) => KeyVaultError,
): SecretHeader | KeyVaultError {
  const found = vault.secrets.find(keyOf(route.name), nowMs);
  if (found?.state === 'deleting') return beingDeleted;
  return found?.state === 'deleted' ? found.secret : notFound(route.name);
}

export const deletedOperations = {
  SecretGetDeleted: getDeletedSecret,
  SecretRecover: recoverSecret,
  SecretPurge: purgeSecret,
};
