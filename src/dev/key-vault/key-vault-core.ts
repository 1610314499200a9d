/**
 * The secrets' data plane of Azure Key Vault, without sockets: one request from its first check to its answer. The order is the service's:
 * the token, the api-version, the path, throttling, authorization, the name, then what is there; a 401 looks at nothing else, since the SDKs send
 * their first request without a token and without its body. That the api-version comes before authorization is guessed.
 */
import type { HttpRequest } from '../http/http-request.ts';
import type { HttpReply } from '../http/http-server.ts';
import type { Storage } from '../storage.ts';
import { readApiVersion } from './api-version.ts';
import { createBackupSeal } from './backup-seal.ts';
import { deletedOperations } from './deleted-operations.ts';
import { invalidName, methodNotAllowed, unauthorized, unknownPath } from './key-vault-errors.ts';
import { renderReply } from './key-vault-reply.ts';
import type { KeyVaultReply } from './key-vault-reply.ts';
import { parseKeyVaultTarget } from './key-vault-request.ts';
import type { KeyVaultOperation } from './key-vault-request.ts';
import { RoleAssignments } from './key-vault-roles.ts';
import type { Principal, RoleAssignment } from './key-vault-roles.ts';
import { Throttle } from './key-vault-throttle.ts';
import type { ThrottleOptions } from './key-vault-throttle.ts';
import { listOperations } from './list-operations.ts';
import { recoveryLevelOf } from './secret-bundle.ts';
import { secretOperations } from './secret-operations.ts';
import { createVaultAdmin, isSecretName } from './vault-admin.ts';
import type { VaultAdmin } from './vault-admin.ts';
import type { KeyVault, OperationHandler } from './vault-context.ts';
import { VaultSecrets } from './vault-secrets.ts';

export { identifyKeyVaultRequest } from './key-vault-request.ts';
export type { KeyVaultOperation } from './key-vault-request.ts';
export { refuseKeyVaultRequest } from './key-vault-reply.ts';
export type { KeyVaultRole, Principal, RoleAssignment } from './key-vault-roles.ts';
export type { ThrottleOptions } from './key-vault-throttle.ts';
export type { VaultAdmin } from './vault-admin.ts';

/** @property code what the service says of the token: `AKV10022: Invalid audience. …`, `[TokenExpired] …` */
export type TokenVerdict =
  { readonly kind: 'valid'; readonly principal: Principal } | { readonly kind: 'invalid'; readonly code: string };

/**
 * @property name 3 to 24 of letters, digits and single dashes, as Azure has them
 * @property purgeProtection default false
 * @property retentionDays 7 to 90; default 90
 * @property deletionLagMs how long a deleted secret is on neither side; default 0, about 10 s in Azure
 * @property recoveryLagMs how long a recovered secret is on neither side; default 0
 */
export type VaultDefinition = {
  readonly name: string;
  readonly roleAssignments?: readonly RoleAssignment[];
  readonly purgeProtection?: boolean;
  readonly retentionDays?: number;
  readonly deletionLagMs?: number;
  readonly recoveryLagMs?: number;
};

/**
 * @property storage everything is kept below `key-vault/`
 * @property verifyToken is asked for every request that has a bearer token: it should remember its verdicts
 * @property challenge `authorization` is `https://<host>/<tenant>` and nothing more: the SDKs' parsers take no other form
 * @property baseUrl of the vault, for ids and links: without a slash at the end, and without the port where that is 443
 * @property throttle default false
 * @property now milliseconds since 1970
 * @property random 0 to below 1, for the ids of versions
 */
export type KeyVaultCoreOptions = {
  readonly vaults: readonly VaultDefinition[];
  readonly storage: Storage;
  readonly verifyToken: (bearer: string) => TokenVerdict;
  readonly challenge: { readonly authorization: string; readonly resource: string };
  readonly baseUrl: (vault: string) => string;
  readonly throttle?: ThrottleOptions | false;
  readonly now?: () => number;
  readonly random?: () => number;
};

type ServedVault = { readonly vault: KeyVault; readonly roles: RoleAssignments; readonly admin: VaultAdmin };

const handlers: Readonly<Record<KeyVaultOperation, OperationHandler>> = {
  ...secretOperations,
  ...deletedOperations,
  ...listOperations,
};

export class KeyVaultCore {
  readonly #vaults = new Map<string, ServedVault>();
  readonly #verifyToken: (bearer: string) => TokenVerdict;
  readonly #challenge: string;
  readonly #throttle: Throttle | undefined;
  readonly #now: () => number;
  readonly #storage: Storage;

  /** @throws Error where a vault cannot be as it is defined */
  constructor(options: KeyVaultCoreOptions) {
    const { vaults, challenge, throttle = false, now = Date.now } = options;
    this.#verifyToken = options.verifyToken;
    this.#challenge = `Bearer authorization="${challenge.authorization}", resource="${challenge.resource}"`;
    this.#throttle = throttle === false ? undefined : new Throttle(throttle);
    this.#now = now;
    this.#storage = options.storage;
    for (const definition of vaults) {
      const key = definition.name.toLowerCase();
      if (this.#vaults.has(key)) throw new Error(`two vaults are called ${key}`);
      this.#vaults.set(key, createVault(definition, options, now));
    }
  }

  /** A vault's name has no case: it is a host's. Of one that is not there, DNS would know nothing; that is the caller's to show. */
  hasVault(vaultName: string): boolean {
    return this.#vaults.has(vaultName.toLowerCase());
  }

  /** For tests and seeds: without a token, a role, or a limit. @throws Error where there is no such vault */
  admin(vaultName: string): VaultAdmin {
    return this.#served(vaultName).admin;
  }

  /** One transaction. @throws Error where there is no such vault; StateError where the storage could not keep what was changed */
  handle(vaultName: string, request: HttpRequest): HttpReply {
    const { headers } = request;
    // The service echoes the id; a client may ask it not to.
    const echo = headers.get('x-ms-return-client-request-id')?.toLowerCase() !== 'false';
    return renderReply(
      this.#transact(this.#served(vaultName), request),
      echo ? headers.get('x-ms-client-request-id') : undefined,
    );
  }

  #transact(served: ServedVault, request: HttpRequest): KeyVaultReply {
    try {
      return this.#storage.transaction(() => this.#answer(served, request));
    } catch (error) {
      served.vault.secrets.reload();
      throw error;
    }
  }

  #answer({ vault, roles }: ServedVault, request: HttpRequest): KeyVaultReply {
    const principal = this.#authenticate(request.headers.get('authorization'));
    if ('status' in principal) return principal;
    const { search, route } = parseKeyVaultTarget(request);
    const query = parseQuery(search);
    const api = readApiVersion(query.get('api-version'));
    if ('status' in api) return api;
    const { operation } = route;
    if (operation === undefined) return route.allowed === undefined ? unknownPath : methodNotAllowed(route.allowed);
    const nowMs = this.#now();
    const throttled = this.#throttle?.take(vault.name, operation, nowMs);
    if (throttled !== undefined) return throttled;
    const refused = roles.refuse(principal, operation, route.name);
    if (refused !== undefined) return refused;
    if (route.name !== '' && !isSecretName(route.name)) return invalidName(route.name);
    return handlers[operation]({ vault, route, api, query, body: request.body, nowMs });
  }

  #authenticate(authorization: string | undefined): Principal | (KeyVaultReply & { readonly status: number }) {
    const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (bearer === undefined)
      return unauthorized('AKV10000: Request is missing a Bearer or PoP token.', this.#challenge);
    const verdict = this.#verifyToken(bearer);
    return verdict.kind === 'valid' ? verdict.principal : unauthorized(verdict.code, this.#challenge);
  }

  #served(vaultName: string): ServedVault {
    const served = this.#vaults.get(vaultName.toLowerCase());
    if (served === undefined) throw new Error(`there is no vault ${vaultName}`);
    return served;
  }
}

function createVault(definition: VaultDefinition, options: KeyVaultCoreOptions, now: () => number): ServedVault {
  const { name, purgeProtection = false, retentionDays = 90, deletionLagMs = 0, recoveryLagMs = 0 } = definition;
  if (!/^(?=.{3,24}$)[a-z](?:-?[a-z0-9])*$/i.test(name)) throw new Error(`${name} is no name of a vault`);
  if (!Number.isInteger(retentionDays) || retentionDays < 7 || retentionDays > 90)
    throw new Error(`the vault ${name} keeps deleted secrets for 7 to 90 days, not ${retentionDays}`);
  const { storage, random = Math.random } = options;
  const retentionMs = retentionDays * 86_400_000;
  const vault: KeyVault = {
    name,
    purgeProtection,
    traits: {
      baseUrl: options.baseUrl(name),
      recoveryLevel: recoveryLevelOf(retentionDays, purgeProtection),
      retentionDays,
    },
    secrets: new VaultSecrets(storage, `key-vault/${name.toLowerCase()}/`, {
      retentionMs,
      deletionLagMs,
      recoveryLagMs,
    }),
    seal: createBackupSeal(storage),
    createId: () => createId(random),
  };
  return {
    vault,
    roles: new RoleAssignments(name, definition.roleAssignments ?? []),
    admin: createVaultAdmin(vault, now),
  };
}

function createId(random: () => number): string {
  const part = (): string =>
    Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  return part() + part() + part() + part();
}

/** ASP.NET's names of parameters have no case. Of one that comes twice the first counts. */
function parseQuery(search: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    const key = name.toLowerCase();
    if (!query.has(key)) query.set(key, value);
  }
  return query;
}
