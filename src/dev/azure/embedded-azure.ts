/**
 * An Azure for development and tests, in this process: Key Vaults and the Entra that lets clients in, over TLS on one port, told apart by name.
 * Clients run their whole way: challenge, discovery, token, request. Not for production: what it
 * keeps is in memory unless it is given another storage.
 */
import type { SecretValue } from '../../model/secret-value.ts';
import { createAuthority, issue } from '../certificates/authority.ts';
import type { Certified } from '../certificates/authority.ts';
import { FaultList } from '../faults.ts';
import type { Faults } from '../faults.ts';
import { createHttpServer } from '../http/http-server.ts';
import { isLoopback } from '../loopback.ts';
import { KeyVaultCore } from '../key-vault/key-vault-core.ts';
import type { ThrottleOptions, VaultAdmin, VaultDefinition } from '../key-vault/key-vault-core.ts';
import { RequestLog } from '../request-log.ts';
import type { LoggedRequest } from '../request-log.ts';
import { createMemoryStorage } from '../storage.ts';
import type { Storage } from '../storage.ts';
import { AccessTokens } from './access-tokens.ts';
import { answerByHost, plainReply } from './answer-by-host.ts';
import type { AzureOperation } from './answer-by-host.ts';
import { hostName, publicAuthorities, urlOf } from './authority.ts';
import { Identities } from './identities.ts';
import type { EmbeddedIdentity } from './identities.ts';
import { SigningKeys } from './signing-key.ts';
import { TokenService } from './token-service.ts';

/**
 * @property port 0: any that is free. Clients that know Azure's names by heart ask 443
 * @property host other than loopback only with `force`: whoever reaches the server can try its secrets
 * @property tenantId a GUID
 * @property authorityHost default `login.localhost`; with one of the public cloud's names, all of them are answered
 * @property vaultDomain a vault is `<name>.<vaultDomain>`; default `vault.localhost`
 * @property identities without a role assignment in a vault they get 403 there, as in Azure
 * @property storage default: in memory. It stays open when the server closes
 * @property authority that signs the server's certificate; default: one made for this server
 * @property onRequest told of each request once it is answered
 * @property now milliseconds since 1970, for tests of what expires
 */
export type EmbeddedAzureOptions = {
  readonly port?: number;
  readonly host?: string;
  readonly force?: boolean;
  readonly tenantId?: string;
  readonly authorityHost?: string;
  readonly vaultDomain?: string;
  readonly vaults?: readonly VaultDefinition[];
  readonly identities?: readonly EmbeddedIdentity[];
  readonly storage?: Storage;
  readonly authority?: Certified;
  readonly throttle?: ThrottleOptions | false;
  readonly onRequest?: (request: LoggedRequest<AzureOperation>) => void;
  readonly now?: () => number;
  readonly random?: () => number;
};

/** @property clientSecret undefined for one that has federated credentials only */
export type EmbeddedAzureIdentity = {
  readonly clientId: string;
  readonly objectId: string;
  readonly clientSecret?: SecretValue;
};

export type EmbeddedAzure = {
  readonly port: number;
  /** What `AZURE_AUTHORITY_HOST` names: without the tenant. */
  readonly authorityUrl: string;
  readonly tenantId: string;
  vaultUrl(name: string): string;
  /** Past tokens, roles and limits. @throws Error where there is no such vault */
  admin(vaultName: string): VaultAdmin;
  /** PEM: what clients must trust. */
  readonly caCertificate: string;
  readonly identities: readonly EmbeddedAzureIdentity[];
  /** Oldest first; without values. A path begins with the vault's name, or with the tenant. */
  readonly requests: readonly LoggedRequest<AzureOperation>[];
  readonly faults: Faults<AzureOperation>;
  close(): Promise<void>;
};

/** Clearly nobody's. */
const fakeTenant = '00000000-0000-4000-8000-00000000cafe';

/** @throws Error where the host, a name or an identity cannot be, or the port is taken */
export async function createEmbeddedAzure(options: EmbeddedAzureOptions = {}): Promise<EmbeddedAzure> {
  const { port = 0, host = '127.0.0.1', force = false, vaults = [], now = Date.now, random = Math.random } = options;
  if (!isLoopback(host) && !force)
    throw new Error(
      `the embedded Azure listens on loopback only, not on ${host}: it is for development (force to do it all the same)`,
    );
  const tenantId = (options.tenantId ?? fakeTenant).toLowerCase();
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(tenantId)) throw new Error('the tenant id is not a GUID');
  const authorityHost = hostName(options.authorityHost ?? 'login.localhost');
  const vaultDomain = hostName(options.vaultDomain ?? 'vault.localhost');
  const authorityHosts = publicAuthorities.includes(authorityHost) ? publicAuthorities : [authorityHost];
  const vaultHosts = new Map(vaults.map(({ name }) => [`${name.toLowerCase()}.${vaultDomain}`, name]));

  const storage = options.storage ?? createMemoryStorage();
  const identities = new Identities(options.identities ?? [], storage, now);
  const issuer = options.authority ?? createAuthority(now());
  const names = [...authorityHosts, vaultDomain, `*.${vaultDomain}`, ...vaultHosts.keys()];
  const certified = issue(issuer, [...names, 'localhost', '127.0.0.1', '::1'], now());

  const log = new RequestLog<AzureOperation>(options.onRequest);
  const faults = new FaultList<AzureOperation>(random);
  // Challenges and addresses name the port, which is known once the server listens.
  let answer: ReturnType<typeof answerByHost> = () => ({ reply: plainReply(503, 'not ready') });
  const server = await createHttpServer({
    host,
    port,
    tls: { cert: certified.certificate, key: certified.key.reveal(), minVersion: 'TLSv1.2' },
    handle: (request) => answer(request),
    refuse: plainReply,
  });

  try {
    const authorityUrl = urlOf(authorityHost, server.port);
    const resource = urlOf(vaultDomain, server.port);
    const vaultUrl = (name: string): string => urlOf(`${name.toLowerCase()}.${vaultDomain}`, server.port);
    const authority = { tenantId, host: authorityHost, url: authorityUrl, vaultDomain, resource };
    // Not before now: making a key takes the processor from what a client waits for.
    const keys = new SigningKeys(storage);
    const accessTokens = new AccessTokens(authority, keys, now);
    const tokenService = new TokenService({ authority, identities, accessTokens, keys, now });
    const core = new KeyVaultCore({
      vaults,
      storage,
      verifyToken: (bearer) => accessTokens.verify(bearer),
      challenge: { authorization: `${authorityUrl}/${tenantId}`, resource },
      baseUrl: vaultUrl,
      ...(options.throttle !== undefined && { throttle: options.throttle }),
      now,
      random,
    });
    answer = answerByHost({ authorityHosts, vaultHosts, authorityUrl, tokenService, core, faults, log, now });
    return {
      port: server.port,
      authorityUrl,
      tenantId,
      vaultUrl,
      admin: (vaultName) => core.admin(vaultName),
      caCertificate: issuer.certificate,
      identities: identities.all.map(({ clientId, objectId, clientSecret }) => ({
        clientId,
        objectId,
        ...(clientSecret !== undefined && { clientSecret }),
      })),
      requests: log.entries,
      faults,
      close: () => server.close(),
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}
