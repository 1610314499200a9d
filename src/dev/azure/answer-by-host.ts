/** Which server a request is for, by the name in its Host header: they share a port, a log and a list of faults. */
import type { FaultList } from '../faults.ts';
import type { HttpRequest } from '../http/http-request.ts';
import type { HttpAnswer, HttpReply } from '../http/http-server.ts';
import { identifyKeyVaultRequest, refuseKeyVaultRequest } from '../key-vault/key-vault-core.ts';
import type { KeyVaultCore, KeyVaultOperation } from '../key-vault/key-vault-core.ts';
import type { RequestLog } from '../request-log.ts';
import { serveWithFaults } from '../serve-with-faults.ts';
import { hostName } from './authority.ts';
import { renderEntraError } from './entra-errors.ts';
import { identifyTokenServiceRequest } from './token-service.ts';
import type { TokenService, TokenServiceOperation } from './token-service.ts';

/** Key Vault's operations, and those of the token service. */
export type AzureOperation = TokenServiceOperation | KeyVaultOperation;

/** @property vaultHosts host → vault */
export type Hosts = { readonly authorityHosts: readonly string[]; readonly vaultHosts: ReadonlyMap<string, string> };

export type AzureServers = Hosts & {
  readonly authorityUrl: string;
  readonly tokenService: TokenService;
  readonly core: KeyVaultCore;
  readonly faults: FaultList<AzureOperation>;
  readonly log: RequestLog<AzureOperation>;
  readonly now: () => number;
};

type Answer = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;

/** The paths of the log and of faults begin with the vault's name, or with the tenant. */
export function answerByHost(servers: AzureServers): Answer {
  const { authorityHosts, vaultHosts, authorityUrl, tokenService, core, faults, log, now } = servers;
  const shared = { faults, log, now };
  const answerTokenRequest = serveWithFaults<AzureOperation>({
    ...shared,
    identify: identifyTokenServiceRequest,
    handle: (request) => tokenService.handle(request),
    refuse: (status, [text = 'The service is not available.']) => {
      const error = status === 429 ? 'temporarily_unavailable' : 'server_error';
      return renderEntraError({ status, error, code: 0, text }, { authorityUrl, nowMs: now() });
    },
  });
  const answerOfVault = (vault: string): Answer =>
    serveWithFaults<AzureOperation>({
      ...shared,
      identify: (request) => {
        const { operation, path } = identifyKeyVaultRequest(request);
        return { operation, path: vault + path };
      },
      handle: (request) => core.handle(vault, request),
      refuse: refuseKeyVaultRequest,
    });
  // A client would not come this far: the certificate is for other names.
  const answerNobody = serveWithFaults<AzureOperation>({
    ...shared,
    identify: () => ({ operation: undefined, path: '' }),
    handle: () => plainReply(404, 'no such host'),
    refuse: (status) => plainReply(status, ''),
  });
  const answers = new Map([
    ...[...vaultHosts].map(([host, vault]): [string, Answer] => [host, answerOfVault(vault)]),
    ...authorityHosts.map((host): [string, Answer] => [host, answerTokenRequest]),
  ]);
  return (request) => (answers.get(hostName(request.headers.get('host'))) ?? answerNobody)(request);
}

export function plainReply(status: number, body: string): HttpReply {
  return { status, headers: { 'Content-Type': 'text/plain' }, body };
}
