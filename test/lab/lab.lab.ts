/** The lab itself: side by side, bound to its parent, nothing changed outside; and the chain through it once, from synth to a Secret. */
import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Repository } from '../fixtures/repository.ts';
import { startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { until } from './until.ts';

const progress = (line: string): void => void process.stderr.write(`lab: ${line}\n`);
const root = mkdtempSync(path.join(os.tmpdir(), 'lockstep-lab-'));
const run = promisify(execFile);

/** The processes whose home is in a folder: every server's is in that of its lab. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const isZombie = /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
      return !isZombie && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${folder}/`);
    } catch {
      return false;
    }
  });
}

after(() => rmSync(root, { recursive: true, force: true }));

describe('a lab', () => {
  let lab: Lab;
  const azure = ['login.microsoftonline.com', 'kv-platform-prod.vault.azure.net'];

  before(async () => {
    const hosts = readFileSync('/etc/hosts', 'utf8');
    lab = await startLab({ folder: path.join(root, 'one'), externalSecrets: 'later', progress });
    const pinned = Object.fromEntries(azure.map((host, index) => [host, lab.loopback.address(index + 2)]));
    await lab.startOperator({ pinned });
    assert.equal(readFileSync('/etc/hosts', 'utf8'), hosts, 'the hosts file of the machine');
  });
  after(() => lab.stop());

  it('pins names for the operator, and for nobody else', async () => {
    const [program = '', ...args] = lab.inView(['getent', 'hosts', ...azure, 'vault.vault.svc.cluster.local']);
    const { stdout } = await run(program, args);
    const found = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/)[0]);
    assert.deepEqual(found, [lab.loopback.address(2), lab.loopback.address(3), lab.loopback.address()]);

    const operator = processesOf(lab.folder).find((pid) => readArgv(pid)[0]?.endsWith('/external-secrets') === true);
    assert.ok(operator !== undefined);
    assert.match(readFileSync(`/proc/${operator}/root/etc/hosts`, 'utf8'), /login\.microsoftonline\.com/);
    assert.doesNotMatch(readFileSync('/etc/hosts', 'utf8'), /microsoftonline|vault\.azure\.net/);
  });

  it('resolves no other name for the operator: nothing reaches the real thing by mistake', async () => {
    const [program = '', ...args] = lab.inView(['getent', 'hosts', 'kv-other.vault.azure.net']);
    await assert.rejects(run(program, args));
  });

  it('runs beside another, on the ports that the manifests name', async () => {
    const two = await startLab({ folder: path.join(root, 'two'), progress });
    try {
      assert.notEqual(two.loopback.address(), lab.loopback.address());
      for (const { kubernetes, vault } of [lab, two]) {
        assert.match(vault.url, /:8200$/);
        const { gitVersion } = JSON.parse((await kubernetes.get('/version')).text) as { gitVersion: string };
        assert.equal(gitVersion, 'v1.34.4');
      }
      await two.kubernetes.kubectl(['create', 'namespace', 'only-in-two']);
      assert.equal((await lab.kubernetes.get('/api/v1/namespaces/only-in-two')).status, 404);
      // Argo CD would otherwise have one in /tmp for both.
      for (const { folder } of [lab, two])
        assert.ok(statSync(path.join(folder, 'argo-cd', 'ask-pass.sock')).isSocket());
      assert.throws(() => two.server('redis-server'), /it has etcd, kube-apiserver, kube-controller-manager,/);
    } finally {
      await two.stop();
    }
    assert.deepEqual(processesOf(two.folder), []);
  });

  it('keeps its secrets for its owner', () => {
    for (const file of [
      lab.vault.rootTokenFile,
      lab.kubernetes.kubeconfig,
      path.join(lab.folder, 'vault', 'init.json'),
    ])
      assert.equal(statSync(file).mode & 0o077, 0, file);
    assert.doesNotMatch(readFileSync(path.join(lab.folder, 'lab.json'), 'utf8'), /hvs\./);
  });

  it('brings a secret from Vault into the cluster, by the manifests that synth writes', async () => {
    const { vault, kubernetes } = lab;
    await vault.request('POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } });
    await vault.request('POST', 'sys/auth/kubernetes', { type: 'kubernetes' });
    // As the guide has it: Vault takes the rest from its Pod.
    await vault.request('PUT', 'auth/kubernetes/config', { kubernetes_host: 'https://kubernetes.default.svc' });
    const policy = 'path "secret/data/ai-platform-engineering/slack-secret" { capabilities = ["read"] }';
    await vault.request('PUT', 'sys/policies/acl/external-secrets', { policy });
    await vault.request('PUT', 'auth/kubernetes/role/external-secrets', {
      ...{ bound_service_account_names: 'external-secrets', bound_service_account_namespaces: 'external-secrets' },
      ...{ audience: 'vault', token_policies: 'external-secrets', token_ttl: '20m' },
    });
    const names = [
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      'SLACK_SIGNING_SECRET',
      'SLACK_CLIENT_SECRET',
      'SLACK_TEAM_ID',
    ];
    const data = Object.fromEntries(names.map((name) => [name, `example ${name}\n`]));
    await until('KV upgrades its mount', () =>
      vault.request('POST', 'secret/data/ai-platform-engineering/slack-secret', { data }),
    );

    using repository = new Repository();
    const synth = repository.run(['synth', '--environment', 'dev']);
    assert.equal(synth.status, 0, synth.stderr);
    for (const file of [
      'external-secrets/manifests/namespace-external-secrets',
      'external-secrets/manifests/serviceaccount-external-secrets',
      'external-secrets/manifests/clustersecretstore-vault-secret-store',
      'ai-platform-engineering/manifests/namespace-ai-platform-engineering',
      'ai-platform-engineering/manifests/externalsecret-agent-slack-secrets',
    ])
      await kubernetes.kubectl(['apply', '--server-side', '-f', '-'], repository.read(`dist/dev/${file}.yaml`));

    const secret = await until('the Secret', async () => {
      const got = await kubernetes.get('/api/v1/namespaces/ai-platform-engineering/secrets/agent-slack-secrets');
      return got.status === 200 && (JSON.parse(got.text) as { data: Record<string, string> });
    });
    const received = Object.entries(secret.data).map(([name, value]) => [
      name,
      Buffer.from(value, 'base64').toString(),
    ]);
    assert.deepEqual(Object.fromEntries(received), data);
    const ready = ['wait', '--for=condition=Ready', '--timeout=30s', 'clustersecretstore/vault-secret-store'];
    await kubernetes.kubectl(ready);
    assert.match(readFileSync(vault.auditLog, 'utf8'), /"path":"auth\/kubernetes\/login"/);

    // What the ExternalSecret owns goes with it: the garbage collector runs.
    await kubernetes.kubectl(['delete', 'externalsecret', '-n', 'ai-platform-engineering', 'agent-slack-secrets']);
    await until('its Secret is collected', async () => {
      const got = await kubernetes.get('/api/v1/namespaces/ai-platform-engineering/secrets/agent-slack-secrets');
      return got.status === 404;
    });
  });

  it('keeps what a server has when that crashes and starts again', async () => {
    const vault = lab.server('vault');
    await vault.kill();
    await assert.rejects(lab.vault.request('GET', 'sys/health'));
    await vault.start();
    assert.ok(await lab.vault.request('GET', 'sys/policies/acl/external-secrets'));
  });

  it('tells the end of the log when a server does not start', async () => {
    await assert.rejects(lab.startOperator({ extraArgs: { 'no-such-flag': 1 } }), (error: Error) => {
      assert.match(error.message, /external-secrets ended with status 1 .*\n.*external-secrets\.log/);
      assert.match(error.message, /unknown flag: --no-such-flag/);
      return true;
    });
  });
});

describe('a lab whose parent is killed', () => {
  it('leaves no process', async () => {
    const folder = path.join(root, 'three');
    const main = path.join(import.meta.dirname, 'main.ts');
    const parent = fork(main, ['serve', folder, 'kubernetes,vault'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    for (let kind = ''; kind !== 'ready';) {
      const [message] = (await once(parent, 'message')) as [{ kind: string; text?: string }];
      ({ kind } = message);
      assert.notEqual(kind, 'failed', message.text);
    }
    // Each is a supervisor and a server.
    assert.equal(processesOf(folder).length, 2 * 4);
    parent.kill('SIGKILL');
    await until('all processes are gone', () => Promise.resolve(processesOf(folder).length === 0), 10_000);
  });
});

function readArgv(pid: string): string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
}
