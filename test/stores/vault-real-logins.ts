/** Logins to a real Vault: its own AppRole and Kubernetes methods, the cluster played by a TokenReview of ours. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { VaultAuth } from '../../src/stores/vault/vault-settings.ts';
import { createVaultStore } from '../../src/stores/vault/vault-store.ts';
import type { VaultStore } from '../../src/stores/vault/vault-store.ts';
import type { RealVault } from './vault-real.ts';

export function testRealLogins(real: RealVault): void {
  const open = (auth: VaultAuth, now?: () => number): VaultStore => {
    const store = createVaultStore({ address: real.address(), auth }, now);
    real.keep(store);
    return store;
  };

  it('logs in by AppRole, logs in again when its token is gone, and revokes at the end', async () => {
    await real.post('sys/auth/approle', { type: 'approle' });
    await real.post('auth/approle/role/app', { token_policies: ['app'], token_ttl: '20m' });
    const get = { headers: { 'X-Vault-Token': real.rootToken() } };
    const answer = await fetch(`${real.address()}/v1/auth/approle/role/app/role-id`, get);
    const roleId = ((await answer.json()) as { data: { role_id: string } }).data.role_id;
    const made = (await real.post('auth/approle/role/app/secret-id', {})) as { data: { secret_id: string } };
    const secretId = new SecretValue(made.data.secret_id);
    const store = open({ kind: 'approle', roleId, secretId });
    assert.equal((await store.read('app/none')).kind, 'missing');
    const accessors = async (): Promise<string[]> => {
      const listed = await fetch(`${real.address()}/v1/auth/token/accessors?list=true`, get);
      return ((await listed.json()) as { data: { keys: string[] } }).data.keys;
    };
    const before = (await accessors()).length;
    assert.equal(await store.close(), 'revoked');
    assert.equal((await accessors()).length, before - 1);

    const again = open({ kind: 'approle', roleId, secretId });
    await again.read('app/none');
    await real.post('sys/leases/revoke-prefix/auth/approle', {});
    assert.equal((await again.read('app/none')).kind, 'missing');
    await assert.rejects(open({ kind: 'approle', roleId, secretId: new SecretValue('wrong') }).read('app/none'), {
      message: /refused the login by approle at auth\/approle \(400\)/,
      hint: /secret id/,
    });
    await assert.rejects(open({ kind: 'jwt', readJwt: () => Promise.resolve(new SecretValue('a.b.c')) }).read('a'), {
      message: /refused the login by jwt at auth\/jwt \(403\)/,
    });
  });

  it('logs in by Kubernetes, and renews', async () => {
    const reviews = createServer((request, response) => {
      request.resume();
      const user = { username: 'system:serviceaccount:platform:lockstep', uid: 'example-uid', groups: [] };
      const status = { authenticated: true, user, audiences: ['vault'] };
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status }));
    });
    await new Promise<void>((resolve) => reviews.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = reviews.address() as AddressInfo;
      const [bound_service_account_names, bound_service_account_namespaces] = [['lockstep'], ['platform']];
      await real.post('sys/auth/kubernetes', { type: 'kubernetes' });
      await real.post('auth/kubernetes/config', {
        kubernetes_host: `http://127.0.0.1:${port}`,
        disable_local_ca_jwt: true,
        token_reviewer_jwt: jwt('platform', 'reviewer'),
      });
      await real.post('auth/kubernetes/role/lockstep', {
        ...{ bound_service_account_names, bound_service_account_namespaces },
        ...{ audience: 'vault', token_policies: ['app'], token_ttl: '20m' },
      });
      let nowMs = 0;
      const login = (role: string, name = 'lockstep'): VaultStore =>
        open(
          { kind: 'kubernetes', role, readJwt: () => Promise.resolve(new SecretValue(jwt('platform', name))) },
          () => nowMs,
        );
      const store = login('lockstep');
      assert.equal((await store.read('app/none')).kind, 'missing');
      nowMs = 15 * 60_000;
      await wait(10);
      assert.equal((await store.read('app/none')).kind, 'missing');
      assert.equal(await store.close(), 'revoked');
      await assert.rejects(login('other').read('a'), { message: /refused the login by kubernetes .*\(400\)/ });
      await assert.rejects(login('lockstep', 'stranger').read('a'), { message: /\(403\)/, hint: /ServiceAccount/ });
    } finally {
      reviews.closeAllConnections();
      reviews.close();
    }
  });
}

/** Of a ServiceAccount. Nobody checks its signature: the TokenReview says that it is good. */
function jwt(namespace: string, name: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(Date.now() / 1000);
  const claims = {
    ...{ iss: 'https://kubernetes.default.svc', sub: `system:serviceaccount:${namespace}:${name}`, aud: ['vault'] },
    ...{ iat: seconds, nbf: seconds, exp: seconds + 3600 },
    'kubernetes.io': { namespace, serviceaccount: { name, uid: 'example-uid' } },
  };
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${Buffer.from('example').toString('base64url')}`;
}
