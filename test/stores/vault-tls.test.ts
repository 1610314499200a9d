/** TLS with certificates that openssl makes for the run: a key in the repository would be one that somebody trusts one day. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SecretValue } from '../../src/model/secret-value.ts';
import { failure, present, scriptVault } from './scripted-vault.ts';
import type { Script } from './scripted-vault.ts';

const program = 'openssl';
const hasOpenssl = spawnSync(program, ['version']).status === 0;
const script: Script = ({ line }) => (line.startsWith('GET secret/data/') ? { body: present(1) } : undefined);

describe('TLS', { skip: hasOpenssl ? false : 'openssl is not installed' }, () => {
  let folder = '';
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-tls-'));
    const openssl = (...args: string[]): void => {
      execFileSync(program, args, { cwd: folder, stdio: 'ignore' });
    };
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=example CA', '-days', '2');
    writeFileSync(join(folder, 'here'), 'subjectAltName=IP:127.0.0.1\n');
    writeFileSync(join(folder, 'elsewhere'), 'subjectAltName=DNS:vault.example.com\n');
    for (const [name, extensions, days] of [
      ['server', 'here', '2'],
      ['other', 'elsewhere', '2'],
      ['client', 'elsewhere', '2'],
    ] as const) {
      openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
      const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', days, '-extfile', extensions];
      openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signed);
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('trusts the CA that it is given, and no other', async () => {
    await using vault = await scriptVault(script, { cert: read('server.pem'), key: read('server.key') });
    assert.equal((await vault.open({ tls: { ca: read('ca.pem') } }).read('a')).kind, 'present');
    const error = await failure(vault.open().read('a'));
    assert.match(error.message, /certificate of https:.* is not trusted/);
    assert.match(error.hint, /VAULT_CACERT/);
    assert.ok(!error.retryable);
    assert.equal(vault.asked.length, 1);
    assert.equal((await vault.open({ tls: { skipVerify: true } }).read('a')).kind, 'present');
  });

  it('trusts no certificate for another host', async () => {
    await using vault = await scriptVault(script, { cert: read('other.pem'), key: read('other.key') });
    const error = await failure(vault.open({ tls: { ca: read('ca.pem') } }).read('a'));
    assert.match(error.message, /is for another host name/);
  });

  it('shows its own certificate where it has one, and says so where one is asked for', async () => {
    const server = { cert: read('server.pem'), key: read('server.key'), ca: read('ca.pem'), requestCert: true };
    await using vault = await scriptVault(script, { ...server, rejectUnauthorized: true });
    const ca = read('ca.pem');
    const client = { clientCertificate: read('client.pem'), clientKey: new SecretValue(read('client.key')) };
    assert.equal((await vault.open({ tls: { ca, ...client } }).read('a')).kind, 'present');
    const error = await failure(vault.open({ tls: { ca } }).read('a'));
    assert.match(error.hint, /VAULT_CLIENT_CERT/);
  });

  it('tells http where there is TLS', async () => {
    await using vault = await scriptVault(script, { cert: read('server.pem'), key: read('server.key') });
    const error = await failure(vault.open({ address: vault.url.replace('https', 'http') }).read('a'));
    assert.match(error.message, /closed the connection|does not speak HTTP/);
  });

  it('does not follow a redirect from https to http', async () => {
    await using vault = await scriptVault(
      ({ line, headers }) =>
        line.endsWith('/a') ? { status: 307, headers: { Location: `http://${headers.host ?? ''}/v1/x` } } : undefined,
      { cert: read('server.pem'), key: read('server.key') },
    );
    const error = await failure(vault.open({ tls: { ca: read('ca.pem') } }).read('a'));
    assert.match(error.message, /another host/);
  });
});
