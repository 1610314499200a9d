import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { connect, createServer } from 'node:tls';
import { inspect, promisify } from 'node:util';
import { loadOrCreateAuthority } from '../../src/dev/certificates/authority-folder.ts';
import { createAuthority, issue } from '../../src/dev/certificates/authority.ts';
import type { Certified } from '../../src/dev/certificates/authority.ts';

const run = promisify(execFile);
const dayMs = 86_400_000;
const names = ['login.localhost', '*.vault.localhost', '127.0.0.1', '::1', '2001:db8::ff00:42', '::ffff:1'];

async function startTls(test: TestContext, { certificate, key }: Certified): Promise<number> {
  const server = createServer({ cert: certificate, key: key.reveal() }, (socket) => socket.end());
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** @returns `trusted`, or the code of what is wrong */
function handshake(port: number, ca: string, servername: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, ca, servername }, () => {
      resolve('trusted');
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

describe('a development authority', () => {
  const authority = createAuthority();
  const parsed = new X509Certificate(authority.certificate);

  it('signs itself, and may sign servers', () => {
    assert.ok(parsed.ca && parsed.verify(parsed.publicKey) && parsed.checkIssued(parsed));
    assert.match(parsed.subject, /^CN=Lockstep development authority [\da-f]{8}$/);
  });
  it('is valid for ten years, from an hour ago', () => {
    assert.equal(Math.round((Date.parse(parsed.validTo) - Date.now()) / dayMs), 3650);
    assert.ok(Math.abs(Date.now() - 3_600_000 - Date.parse(parsed.validFrom)) < 60_000);
  });
  it('has a serial of 128 bits that is its own', () => {
    const serials = Array.from(
      { length: 50 },
      () => new X509Certificate(issue(authority, ['a']).certificate).serialNumber,
    );
    assert.equal(new Set([...serials, parsed.serialNumber]).size, 51);
    for (const serial of serials) assert.match(serial, /^[4-7][\dA-F]{31}$/);
  });
  it('does not print its key', () => {
    assert.doesNotMatch(inspect(authority, { depth: 9, showHidden: true }) + JSON.stringify(authority), /PRIVATE/);
  });
  it('writes years after 2049 with four digits', () => {
    const late = new X509Certificate(createAuthority(Date.UTC(2049, 5, 1)).certificate);
    assert.deepEqual([late.validFrom.slice(-8), late.validTo.slice(-8)], ['2049 GMT', '2059 GMT']);
  });
});

describe('a server’s certificate', () => {
  const authority = createAuthority();
  const parsed = new X509Certificate(issue(authority, names).certificate);

  it('is signed by the authority, and no authority', () => {
    const ca = new X509Certificate(authority.certificate);
    assert.ok(parsed.verify(ca.publicKey) && parsed.checkIssued(ca) && !parsed.ca);
    assert.deepEqual(parsed.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  });
  it('is valid for 397 days at most, and not for longer than the authority', () => {
    assert.ok(Date.parse(parsed.validTo) - Date.parse(parsed.validFrom) <= 397 * dayMs);
    const endsMs = Date.parse(new X509Certificate(authority.certificate).validTo);
    const late = new X509Certificate(issue(authority, names, endsMs - dayMs).certificate);
    assert.equal(Date.parse(late.validTo), endsMs);
  });
  it('names what it was asked for', () => {
    for (const name of ['login.localhost', 'kv.vault.localhost']) assert.ok(parsed.checkHost(name), name);
    for (const name of ['localhost', 'vault.localhost', 'a.b.vault.localhost'])
      assert.ok(!parsed.checkHost(name), name);
    for (const address of names.slice(2)) assert.ok(parsed.checkIP(address), address);
    assert.ok(!parsed.checkIP('127.0.0.2'));
  });
  it('is taken in a handshake, under its names and with its authority only', async (test) => {
    const port = await startTls(test, issue(authority, names));
    const other = createAuthority().certificate;
    assert.equal(await handshake(port, authority.certificate, 'kv.vault.localhost'), 'trusted');
    assert.equal(await handshake(port, authority.certificate, 'vault.localhost'), 'ERR_TLS_CERT_ALTNAME_INVALID');
    assert.notEqual(await handshake(port, other, 'kv.vault.localhost'), 'trusted');
  });
});

const goProgram = `package main

import ("crypto/x509"; "encoding/pem"; "fmt"; "os")

func main() {
	roots := x509.NewCertPool()
	ca, _ := os.ReadFile(os.Args[1])
	if !roots.AppendCertsFromPEM(ca) { panic("no ca") }
	text, _ := os.ReadFile(os.Args[2])
	block, _ := pem.Decode(text)
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil { panic(err) }
	for _, name := range os.Args[3:] {
		_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name})
		fmt.Println(name, err == nil)
	}
}
`;

const pythonProgram = `import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[1])
context.verify_flags |= ssl.VERIFY_X509_STRICT
for name in sys.argv[3:]:
    try:
        with socket.create_connection(("127.0.0.1", int(sys.argv[2]))) as plain:
            with context.wrap_socket(plain, server_hostname=name): print(name, "true")
    except ssl.SSLCertVerificationError: print(name, "false")
`;

describe('other programs', () => {
  const authority = createAuthority();
  const server = issue(authority, names);
  const asked = ['login.localhost', 'kv.vault.localhost', '127.0.0.1', 'vault.localhost', '127.0.0.2'];
  const expected = asked.map((name, index) => `${name} ${String(index < 3)}\n`).join('');

  async function write(test: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'lockstep-certificates-'));
    test.after(() => rm(folder, { recursive: true }));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return folder;
  }
  async function missing(test: TestContext, command: string, ...options: string[]): Promise<boolean> {
    const there = await run(command, options).then(
      () => true,
      () => false,
    );
    if (!there) test.skip(`no ${command} on this machine`);
    return !there;
  }

  it('Go takes them', async (test) => {
    if (await missing(test, 'go', 'version')) return;
    const files = { 'ca.pem': authority.certificate, 'server.pem': server.certificate, 'main.go': goProgram };
    const folder = await write(test, files);
    const { stdout } = await run('go', ['run', 'main.go', 'ca.pem', 'server.pem', ...asked], { cwd: folder });
    assert.equal(stdout, expected);
  });
  it('Python takes them, strictly', async (test) => {
    if (await missing(test, 'python3', '--version')) return;
    const port = await startTls(test, server);
    const folder = await write(test, { 'ca.pem': authority.certificate, 'main.py': pythonProgram });
    const { stdout } = await run('python3', ['main.py', 'ca.pem', String(port), ...asked], { cwd: folder });
    assert.equal(stdout, expected);
  });
  it('OpenSSL takes them, strictly', async (test) => {
    if (await missing(test, 'openssl', 'version')) return;
    const folder = await write(test, { 'ca.pem': authority.certificate, 'server.pem': server.certificate });
    const options = [
      '-x509_strict',
      '-check_ss_sig',
      '-purpose',
      'sslserver',
      '-verify_hostname',
      'kv.vault.localhost',
    ];
    const { stdout } = await run('openssl', ['verify', ...options, '-CAfile', 'ca.pem', 'server.pem'], { cwd: folder });
    assert.match(stdout, /: OK/);
  });
});

describe('an authority in a folder', () => {
  async function emptyFolder(test: TestContext): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'lockstep-authority-'));
    test.after(() => rm(folder, { recursive: true }));
    return join(folder, 'below', 'certificates');
  }

  it('is made once, and its key is for its owner only', async (test) => {
    const folder = await emptyFolder(test);
    const made = await loadOrCreateAuthority(folder);
    const again = await loadOrCreateAuthority(folder);
    assert.deepEqual([again.certificate, again.key.reveal()], [made.certificate, made.key.reveal()]);
    assert.equal((await stat(join(folder, 'ca.key'))).mode & 0o777, 0o600);
    assert.equal(await readFile(join(folder, 'ca.pem'), 'utf8'), made.certificate);
    assert.deepEqual((await readdir(folder)).toSorted(), ['ca.key', 'ca.pem']);
  });
  it('is one for all that come at once', async (test) => {
    const folder = await emptyFolder(test);
    const all = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateAuthority(folder)));
    assert.equal(new Set(all.map(({ certificate, key }) => certificate + key.reveal())).size, 1);
    assert.deepEqual((await readdir(folder)).toSorted(), ['ca.key', 'ca.pem']);
  });
  it('is one for processes that come at once', async (test) => {
    const folder = await emptyFolder(test);
    const script = `
      const { loadOrCreateAuthority } = await import(${JSON.stringify(new URL('../../src/dev/certificates/authority-folder.ts', import.meta.url).href)});
      const { certificate, key } = await loadOrCreateAuthority(${JSON.stringify(folder)});
      const { createPrivateKey, X509Certificate } = await import('node:crypto');
      const parsed = new X509Certificate(certificate);
      console.log(parsed.fingerprint256, parsed.checkPrivateKey(createPrivateKey(key.reveal())));`;
    const options = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script];
    const told = await Promise.all(Array.from({ length: 4 }, () => run(process.execPath, options)));
    const [one = '', ...more] = new Set(told.map(({ stdout }) => stdout));
    assert.match(one, /^[\dA-F:]+ true\n$/);
    assert.deepEqual(more, []);
  });
  it('is renewed before it ends, and what it signed stays trusted', async (test) => {
    const folder = await emptyFolder(test);
    const first = await loadOrCreateAuthority(folder);
    const early = await loadOrCreateAuthority(folder, Date.now() + 3580 * dayMs);
    assert.equal(early.certificate, first.certificate);
    const nowMs = Date.now() + 3600 * dayMs;
    const renewed = await loadOrCreateAuthority(folder, nowMs);
    assert.notEqual(renewed.certificate, first.certificate);
    assert.equal((await loadOrCreateAuthority(folder, nowMs)).certificate, renewed.certificate);
    const [before, after] = [first, renewed].map(({ certificate }) => new X509Certificate(certificate));
    assert.ok(before !== undefined && after !== undefined);
    assert.equal(after.subject, before.subject);
    const leaf = new X509Certificate(issue(renewed, names).certificate);
    assert.ok(leaf.checkIssued(before) && leaf.verify(before.publicKey));
  });
  it('says when its files are not its own', async (test) => {
    const folder = await emptyFolder(test);
    await loadOrCreateAuthority(folder);
    await writeFile(join(folder, 'ca.pem'), createAuthority().certificate);
    await assert.rejects(loadOrCreateAuthority(folder), /do not belong together/);
    await rm(join(folder, 'ca.pem'));
    await writeFile(join(folder, 'ca.key'), 'canary');
    await assert.rejects(
      loadOrCreateAuthority(folder),
      (error: Error) => /holds no private key/.test(error.message) && !/canary/.test(inspect(error)),
    );
  });
});
