/** The refusals of the service. Where a text was recorded or reported, it is that text; the others are marked as guessed. */
import type { KeyVaultError } from './key-vault-reply.ts';

function badParameter(message: string): KeyVaultError {
  return { status: 400, code: 'BadParameter', message };
}

/** [rep]; the two spaces and the line break are the service's. It names no property, and so do we. */
export const invalidProperty: KeyVaultError = badParameter('Property  has invalid value\r\n');
/** Guessed: what is no JSON object in UTF-8. */
export const invalidBody: KeyVaultError = badParameter('The request body is not valid JSON');
/** Guessed. */
export const missingApiVersion: KeyVaultError = badParameter('api-version must be specified');
/** Guessed. */
export const invalidMaxResults: KeyVaultError = badParameter('maxresults must be an integer between 1 and 25');
/** Guessed. */
export const invalidSkipToken: KeyVaultError = badParameter('The continuation token is invalid');
/** [src]: the text that the SDKs' own tests expect. */
export const invalidBackup: KeyVaultError = badParameter('Backup blob contains invalid or corrupt version.');
/** The limit is documented, the answer is guessed. */
export const tooManyVersions: KeyVaultError = badParameter(
  'The secret has more than 500 versions and cannot be backed up',
);

/** [rep] */
export function invalidName(name: string): KeyVaultError {
  return badParameter(`The request URI contains an invalid name: ${name}`);
}

/** [rep] */
export function unknownApiVersion(version: string, latest: string): KeyVaultError {
  return badParameter(
    `The specified version (${version}) is not recognized. Consider using the latest supported version (${latest}).`,
  );
}

/** [rec] @param id a name, or `name/version` */
export function secretNotFound(id: string): KeyVaultError {
  return {
    status: 404,
    code: 'SecretNotFound',
    message: `A secret with (name/id) ${id} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
  };
}

/** [rec] */
export function deletedSecretNotFound(name: string): KeyVaultError {
  return { status: 404, code: 'SecretNotFound', message: `Deleted Secret not found: ${name}` };
}

function conflict(message: string, inner?: string): KeyVaultError {
  return { status: 409, code: 'Conflict', message, ...(inner !== undefined && { inner }) };
}

/** [rep] */
export function deletedButRecoverable(name: string): KeyVaultError {
  return conflict(
    `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
    'ObjectIsDeletedButRecoverable',
  );
}

/** [rec] for keys and certificates, [rep] for secrets */
export const beingDeleted: KeyVaultError = conflict('Secret is currently being deleted.', 'ObjectIsBeingDeleted');
/** The inner code is documented, the text made like the one of deletion. */
export const beingRecovered: KeyVaultError = conflict('Secret is currently being recovered.', 'ObjectIsBeingRecovered');

/** [rec] of a restore over a name in use. @param id of the version that would be the latest */
export function restoreConflict(id: string): KeyVaultError {
  return conflict(
    `There was a conflict restoring the secret '${id}'. This can happen if either: a second secret with the same name was created after the first secret was deleted; thus trying to restore a secret whose name is already in use. To fix this, rename the second secret to something else so that the restore works. The second probable cause of this exception is when multiple operations are performed in parallel against the secret. To avoid this error, perform operations against a secret in a sequential manner.`,
  );
}

function forbidden(message: string, inner?: string): KeyVaultError {
  return { status: 403, code: 'Forbidden', message, ...(inner !== undefined && { inner }) };
}

/** [rep] */
export const secretDisabled: KeyVaultError = forbidden(
  'Operation get is not allowed on a disabled secret.',
  'SecretDisabled',
);

/** Guessed: that a secret behind a certificate is changed only through the certificate is documented. */
export function managedSecret(operation: 'set' | 'update' | 'delete' | 'backup'): KeyVaultError {
  return forbidden(`Operation ${operation} is not allowed on a managed secret.`);
}

/** [rep] of a vault with certificates; no inner code is known */
export function purgeProtected(vault: string, region: string): KeyVaultError {
  return forbidden(
    `Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge it after the retention period has passed.\r\nVault: ${vault};location=${region}`,
  );
}

export function forbiddenByRbac(message: string): KeyVaultError {
  return forbidden(message, 'ForbiddenByRbac');
}

/** Guessed: paths that are none of a secret's. */
export const unknownPath: KeyVaultError = {
  status: 404,
  code: 'NotFound',
  message: 'The requested resource was not found.',
};

/** Guessed; `Allow` is HTTP's own (RFC 9110, 15.5.6). */
export function methodNotAllowed(allowed: readonly string[]): KeyVaultError {
  return {
    status: 405,
    code: 'MethodNotAllowed',
    message: 'The requested resource does not support this http method.',
    headers: { Allow: allowed.join(', ') },
  };
}

/** [rep] for the vault's own limit; the reason of the subscription's is made like it */
export function throttled(scope: 'Vault' | 'Subscription', retryAfterS?: number): KeyVaultError {
  return {
    status: 429,
    code: 'Throttled',
    message: `Request was not processed because too many requests were received. Reason: ${scope}RequestTypeLimitReached`,
    ...(retryAfterS !== undefined && { headers: { 'Retry-After': `${retryAfterS}` } }),
  };
}

/** One header with one scheme, exactly so: what else breaks which SDK's parser is in docs/key-vault-fidelity.md. */
export function unauthorized(message: string, challenge: string): KeyVaultError {
  return { status: 401, code: 'Unauthorized', message, headers: { 'WWW-Authenticate': challenge } };
}
