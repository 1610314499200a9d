/** Argo CD in the lab: a git repository on this machine, kustomize and Helm, self-healing and pruning. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { until } from './until.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'lockstep-argo-cd-'));
const repository = path.join(root, 'repository');

type Application = { readonly status?: { readonly sync?: { status: string }; readonly health?: { status: string } } };

function commit(files: Readonly<Record<string, object | undefined>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(repository, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (content === undefined) rmSync(file);
    else writeFileSync(file, JSON.stringify(content));
  }
  const who = ['-c', 'user.name=lab', '-c', 'user.email=lab@example.invalid'];
  execFileSync('git', ['add', '--all'], { cwd: repository });
  execFileSync('git', [...who, 'commit', '--quiet', '--message', 'Change'], { cwd: repository });
}

const configMap = (name: string, value: string): object => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } },
});
const application = (name: string): object => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace: 'argocd', finalizers: ['resources-finalizer.argocd.argoproj.io'] },
  spec: {
    project: 'default',
    source: { repoURL: `file://${repository}`, targetRevision: 'main', path: name },
    destination: { server: 'https://kubernetes.default.svc', namespace: name },
    syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
  },
});

describe('Argo CD in the lab', () => {
  let lab: Lab;
  const value = async (namespace: string, name: string): Promise<string | undefined> => {
    const { status, text } = await lab.kubernetes.get(`/api/v1/namespaces/${namespace}/configmaps/${name}`);
    return status === 200 ? (JSON.parse(text) as { data: { value: string } }).data.value : undefined;
  };

  before(async () => {
    mkdirSync(repository);
    execFileSync('git', ['init', '--quiet', '--initial-branch', 'main'], { cwd: repository });
    lab = await startLab({
      folder: path.join(root, 'lab'),
      parts: ['argo-cd'],
      progress: (line) => void process.stderr.write(`lab: ${line}\n`),
    });
  });
  after(async () => {
    await lab.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('syncs a kustomization and a chart to Healthy', async () => {
    commit({
      'plain/kustomization.yaml': { resources: ['one.yaml', 'two.yaml'] },
      'plain/one.yaml': configMap('one', 'first'),
      'plain/two.yaml': configMap('two', 'first'),
      'chart/Chart.yaml': { apiVersion: 'v2', name: 'chart', version: '0.0.1' },
      'chart/templates/map.yaml': configMap('map', '{{ .Release.Name }}'),
    });
    for (const name of ['plain', 'chart'])
      await lab.kubernetes.kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(application(name)));
    for (const name of ['plain', 'chart'])
      await until(`${name} is Synced and Healthy`, async () => {
        const { text } = await lab.kubernetes.get(`/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/${name}`);
        const { status } = JSON.parse(text) as Application;
        return status?.sync?.status === 'Synced' && status.health?.status === 'Healthy';
      });
    assert.equal(await value('plain', 'one'), 'first');
    assert.equal(await value('chart', 'map'), 'chart');
  });

  it('undoes what is changed by hand', async () => {
    const patch = ['patch', 'configmap', 'one', '-n', 'plain', '--type', 'merge', '-p', '{"data":{"value":"by hand"}}'];
    await lab.kubernetes.kubectl(patch);
    await until('the change is undone', async () => (await value('plain', 'one')) === 'first');
  });

  it('follows a commit, and prunes', async () => {
    commit({
      'plain/kustomization.yaml': { resources: ['one.yaml'] },
      'plain/one.yaml': configMap('one', 'second'),
      'plain/two.yaml': undefined,
    });
    await until('the commit is applied', async () => (await value('plain', 'one')) === 'second');
    await until('what is gone is pruned', async () => (await value('plain', 'two')) === undefined);
  });

  it('deletes what an Application has when that is deleted', async () => {
    // Waits for the finalizer, whose foreground deletion needs the garbage collector.
    await lab.kubernetes.kubectl(['delete', 'application', '-n', 'argocd', 'plain', '--timeout', '60s']);
    assert.equal(await value('plain', 'one'), undefined);
  });
});
