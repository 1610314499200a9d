/** A Vault to set up, ours or the real one, beside a cluster that reviews tokens; and what becomes of it. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyVault, planVault } from '../../src/bootstrap/bootstrap.ts';
import type { Applied, Planned } from '../../src/bootstrap/bootstrap.ts';
import { desireVault } from '../../src/bootstrap/desired-vault.ts';
import type { DesiredVault, KubernetesFacts } from '../../src/bootstrap/desired-vault.ts';
import type { VaultAdministration, VaultWrite } from '../../src/bootstrap/vault-administration.ts';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { Platform } from '../../src/model/platform.ts';
import { createVaultAdministration } from '../../src/stores/vault/vault-administration.ts';
import { encodePath } from '../../src/stores/vault/vault-path.ts';
import { ask, bodyOf } from '../dev/vault-client.ts';
import type { VaultAddress } from '../dev/vault-client.ts';
import { serviceAccountToken, startReviewServer } from '../dev/vault-kubernetes-fixture.ts';
import type { ReviewServer } from '../dev/vault-kubernetes-fixture.ts';
import { startRealVault } from '../dev/vault-real.ts';
import { platformOf, secret, soundConfiguration } from '../fixtures/configuration.ts';

const program = 'openssl';
export const hasOpenssl = spawnSync(program, ['version']).status === 0;

/** In the form of a token; a test for leaks looks for its parts. */
export const reviewerToken = 'canary-head.canary-body.canary-signature';

export type Server = VaultAddress & {
  readonly kubernetes: KubernetesFacts;
  readonly review: ReviewServer;
  stop(): Promise<void>;
};

/** Empty: nothing is mounted, nobody can sign in, no audit device. */
export async function startEmbedded(): Promise<Server> {
  const [vault, review] = await Promise.all([createEmbeddedVault({ mounts: [] }), startReviewServer()]);
  const kubernetes = { host: review.url, reviewerJwt: new SecretValue(reviewerToken), caCertificate: certificate() };
  const stop = async (): Promise<void> => {
    await Promise.all([vault.close(), review.close()]);
  };
  return { ...vault, kubernetes, review, stop };
}

export async function startReal(binary: string): Promise<Server> {
  const [vault, review] = await Promise.all([startRealVault(binary), startReviewServer()]);
  await ask(vault, { method: 'DELETE', path: 'sys/mounts/secret' });
  const kubernetes = { host: review.url, reviewerJwt: new SecretValue(reviewerToken), caCertificate: certificate() };
  const stop = async (): Promise<void> => {
    await Promise.all([vault.stop(), review.close()]);
  };
  return { ...vault, kubernetes, review, stop };
}

let made: string | undefined;

/** Vault looks whether it is one. */
function certificate(): string {
  if (!hasOpenssl) return '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n';
  if (made !== undefined) return made;
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-ca-'));
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key'];
  const args = ['req', '-x509', ...key, '-out', 'ca.pem', '-subj', '/CN=example CA', '-days', '2'];
  execFileSync(program, args, { cwd: folder, stdio: 'ignore' });
  made = readFileSync(join(folder, 'ca.pem'), 'utf8');
  rmSync(folder, { recursive: true });
  return made;
}

export function platformWith(paths: readonly string[] = ['shop/payment', 'shop/mail']): Platform {
  const secrets = Object.fromEntries(
    paths.map((vaultPath, index) => [
      `s${index}`,
      { ...secret, vaultPath, keyVaultName: `s${index}`, targets: [{ name: `s${index}` }] },
    ]),
  );
  return platformOf({ ...soundConfiguration(), secrets });
}

export function desire({ kubernetes }: Server, platform = platformWith()): DesiredVault {
  return desireVault(platform, { kubernetes, auditPaths: ['discard', 'stdout'] });
}

/** @property writes what was sent, in order. @property beforeWrite may throw, as if the process had been killed */
export type Watched = VaultAdministration & { readonly writes: VaultWrite[]; beforeWrite: () => unknown };

export function administer(server: VaultAddress, token = server.rootToken): Watched {
  const auth = { kind: 'token', token: new SecretValue(token) } as const;
  const client = createVaultAdministration({ address: server.url, auth, retries: 0 });
  const watched: Watched = {
    ...client,
    writes: [],
    beforeWrite: () => undefined,
    write: async (request) => {
      await watched.beforeWrite();
      watched.writes.push(request);
      return client.write(request);
    },
  };
  return watched;
}

export async function bootstrap(vault: VaultAdministration, desired: DesiredVault): Promise<Applied> {
  const plan = await planVault(vault, desired);
  assert.equal(plan.kind, 'planned', JSON.stringify(plan));
  return applyVault(vault, desired, plan, () => undefined);
}

/** `create role`, `refused policy V001`: those that are not unchanged. */
export function actionsOf(planned: Planned): string[] {
  if (planned.kind === 'forbidden') return planned.problems.map(({ where, message }) => `${where}: ${message}`);
  return planned.items.flatMap((item) => {
    if (item.action === 'unchanged') return [];
    return [`${item.action} ${item.thing}${item.action === 'refused' ? ` ${item.problem.code}` : ''}`];
  });
}

export async function root(server: VaultAddress, method: string, path: string, body?: object): Promise<number> {
  return (await ask(server, { method, path, body })).status;
}

/** What External Secrets Operator does first. */
export async function logInAsOperator(server: VaultAddress, jwt = serviceAccountToken()): Promise<string | number> {
  const body = { role: 'external-secrets', jwt };
  const told = await ask(server, { method: 'POST', path: 'auth/kubernetes/login', body, token: null });
  if (told.status !== 200) return told.status;
  return (bodyOf(told)['auth'] as { client_token: string }).client_token;
}

export async function tryAs(
  server: VaultAddress,
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<number> {
  const [bare = '', query] = path.split('?list=');
  return (
    await ask(server, { method, path: `${encodePath(bare)}${query === undefined ? '' : '?list=true'}`, body, token })
  ).status;
}
