/** The core of the embedded Key Vault without a socket: requests as the parser of HTTP gives them, and a clock that a test moves. */
import { KeyVaultCore } from '../../src/dev/key-vault/key-vault-core.ts';
import type { KeyVaultCoreOptions, TokenVerdict, VaultDefinition } from '../../src/dev/key-vault/key-vault-core.ts';
import type { HttpRequest } from '../../src/dev/http/http-request.ts';
import { createMemoryStorage } from '../../src/dev/storage.ts';

export const tenantId = '11111111-1111-4111-8111-111111111111';
export const apiVersion = '2025-07-01';
export const startS = 1_800_000_000;

/** A token is `token-<object id>`; what is anything else is expired. */
export function verifyToken(bearer: string): TokenVerdict {
  const objectId = /^token-(.+)$/.exec(bearer)?.[1];
  if (objectId === undefined) return { kind: 'invalid', code: "[TokenExpired] Error validating token: 'S2S12086'." };
  return { kind: 'valid', principal: { objectId, appId: `app-of-${objectId}`, tenantId } };
}

/** @property path with its query; the api-version is added where there is none. @property body an object is sent as JSON, a text as it is */
export type Ask = {
  readonly path: string;
  readonly method?: string;
  readonly body?: object | string | Buffer;
  readonly who?: string | undefined;
  readonly vault?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Answer = {
  readonly status: number;
  readonly text: string;
  readonly json: Json;
  readonly headers: Readonly<Record<string, string>>;
};
export type Json = {
  readonly value?: unknown;
  readonly id?: string;
  readonly nextLink?: string | null;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly error?: { readonly code: string; readonly message: string; readonly innererror?: { readonly code: string } };
  readonly [name: string]: unknown;
};

export type TestVault = {
  readonly core: KeyVaultCore;
  readonly clock: { ms: number };
  /** As `admin`, who may do everything. */
  readonly ask: (asked: Ask) => Answer;
};

export function createTestVault(
  options: Partial<KeyVaultCoreOptions> & { readonly vault?: Omit<VaultDefinition, 'name'> } = {},
): TestVault {
  const { vault, ...rest } = options;
  const clock = { ms: startS * 1000 };
  const admin = [{ objectId: 'admin', role: 'Key Vault Administrator' }] as const;
  const core = new KeyVaultCore({
    vaults: [
      { name: 'Contoso', ...vault, roleAssignments: [...admin, ...(vault?.roleAssignments ?? [])] },
      { name: 'other', roleAssignments: admin },
    ],
    storage: createMemoryStorage(),
    verifyToken,
    challenge: { authorization: `https://login.microsoftonline.com/${tenantId}`, resource: 'https://vault.azure.net' },
    baseUrl: (name) => `https://${name.toLowerCase()}.vault.azure.net`,
    now: () => clock.ms,
    ...rest,
  });
  return {
    core,
    clock,
    ask: (asked) => {
      const { status, body = '', headers = {} } = core.handle(asked.vault ?? 'contoso', createRequest(asked));
      return { status, text: body, json: body === '' ? {} : (JSON.parse(body) as Json), headers };
    },
  };
}

export function createRequest(asked: Ask): HttpRequest {
  const { path, method = 'GET', body, headers = {} } = asked;
  const who = 'who' in asked ? asked.who : 'admin';
  const mark = path.includes('?') ? '&' : '?';
  return {
    method,
    target: path.includes('api-version=') ? path : `${path}${mark}api-version=${apiVersion}`,
    headers: new Map([
      ['host', 'contoso.vault.azure.net'],
      ...(who === undefined ? [] : [['authorization', `Bearer token-${who}`] as const]),
      ...Object.entries(headers),
    ]),
    body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'object' ? JSON.stringify(body) : (body ?? '')),
    keepAlive: true,
  };
}

/** What a refusal says, in one line. */
export function errorOf({ status, json }: Answer): string {
  return [status, json.error?.code, json.error?.innererror?.code].filter((part) => part !== undefined).join(' ');
}

export const set = (name: string, body: object = { value: 'v' }): Ask => ({
  method: 'PUT',
  path: `/secrets/${name}`,
  body,
});
export const del = (name: string): Ask => ({ method: 'DELETE', path: `/secrets/${name}` });
export const recover = (name: string): Ask => ({ method: 'POST', path: `/deletedsecrets/${name}/recover` });
export const purge = (name: string): Ask => ({ method: 'DELETE', path: `/deletedsecrets/${name}` });
export const backup = (name: string): Ask => ({ method: 'POST', path: `/secrets/${name}/backup` });
export const restore = (value: unknown): Ask => ({ method: 'POST', path: '/secrets/restore', body: { value } });
