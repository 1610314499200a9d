import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Repository } from '../fixtures/repository.ts';

const store = `# The store of the team
apiVersion: external-secrets.io/v1beta1
kind: SecretStore   # one of ours
metadata:
    name:   vault
    namespace: team
spec:
    provider:
        vault: {server: "https://vault.example", path: secret, auth: {tokenSecretRef: {name: t, key: k}}}
`;
const externalSecret = `---
apiVersion: "external-secrets.io/v1beta1"
kind: ExternalSecret
metadata: { name: app, namespace: team }
spec:
  secretStoreRef: { name: vault }
  data:
  - secretKey: A     # kept
    remoteRef: { key: team/app, property: a }
`;
const template =
  'apiVersion: external-secrets.io/v1beta1\nkind: ExternalSecret\nmetadata:\n  name: {{ .Values.name }}\n';

function begin(): Repository {
  const repository = new Repository();
  mkdirSync(path.join(repository.root, 'manifests', 'chart'), { recursive: true });
  repository.write('manifests/store.yaml', store);
  repository.write('manifests/app.yml', externalSecret);
  repository.write('manifests/chart/a.yaml', template);
  return repository;
}

const v1 = (text: string): string => text.replaceAll('/v1beta1', '/v1');

describe('npm run upgrade-manifests', () => {
  it('shows what it would change as a diff that git applies, and writes nothing', () => {
    using repository = begin();
    const { status, stdout } = repository.run(['upgrade-manifests', 'manifests']);
    assert.equal(status, 1);
    assert.match(stdout, /^--- a\/manifests\/app\.yml\n\+\+\+ b\/manifests\/app\.yml\n@@ -1,5 \+1,5 @@\n/);
    assert.match(
      stdout,
      /\n2 objects in 2 files would become external-secrets\.io\/v1\.\nLeft as they are:\n {2}manifests\/chart\/a\.yaml:4 {2}a document {2}it is a Helm template\n/,
    );
    assert.match(stdout, /\nNothing was written\.\nNext: npm run upgrade-manifests -- manifests --yes\n$/);
    assert.equal(repository.read('manifests/app.yml'), externalSecret);
    const diff = stdout.slice(0, stdout.indexOf('\n2 objects') + 1);
    const applied = spawnSync('git', ['apply', '-'], { cwd: repository.root, input: diff, encoding: 'utf8' });
    assert.equal(applied.status, 0, applied.stderr);
    assert.equal(repository.read('manifests/store.yaml'), v1(store));
  });

  it('writes with --yes, byte for byte but for the version, and has nothing to do afterwards', () => {
    using repository = begin();
    const before = statSync(path.join(repository.root, 'manifests/chart/a.yaml')).mtimeMs;
    const { status, stdout } = repository.run(['upgrade-manifests', 'manifests', '--yes']);
    assert.equal(status, 1, 'the template stays');
    assert.match(stdout, /✓ 2 objects in 2 files are external-secrets\.io\/v1 now\n/);
    assert.equal(repository.read('manifests/store.yaml'), v1(store));
    assert.equal(repository.read('manifests/app.yml'), v1(externalSecret));
    assert.equal(repository.read('manifests/chart/a.yaml'), template);
    assert.equal(statSync(path.join(repository.root, 'manifests/chart/a.yaml')).mtimeMs, before);
    const again = repository.run(['upgrade-manifests', 'manifests/store.yaml', 'manifests/app.yml']);
    assert.equal(again.status, 0);
    assert.equal(again.stdout, '✓ Nothing is external-secrets.io/v1beta1.\n');
  });

  it('takes stdin to stdout, whatever is left', () => {
    using repository = begin();
    const input = `${store}${externalSecret}---\n${template}`;
    const { stdout, stderr, status } = spawnSync('bash', ['-c', repository.commandLine(['upgrade-manifests', '-'])], {
      cwd: repository.root,
      input,
      encoding: 'utf8',
    });
    assert.equal(stdout, `${v1(store)}${v1(externalSecret)}---\n${template}`);
    assert.equal(stderr, 'stdin:23: a document stays as it is: it is a Helm template\n');
    assert.equal(status, 1);
  });

  it('prints one JSON document', () => {
    using repository = begin();
    const { stdout } = repository.run(['upgrade-manifests', 'manifests', '--yes', '--output', 'json']);
    assert.partialDeepStrictEqual(JSON.parse(stdout), {
      command: 'upgrade-manifests',
      outcome: 'findings',
      items: [
        {
          file: 'manifests/app.yml',
          state: 'written',
          upgraded: [{ line: 2, kind: 'ExternalSecret', namespace: 'team', name: 'app' }],
        },
        { file: 'manifests/chart/a.yaml', state: 'unchanged', left: [{ line: 4 }], diff: '' },
        { file: 'manifests/store.yaml', state: 'written' },
      ],
      problems: [{ code: 'M109', where: 'manifests/chart/a.yaml:4' }],
    });
  });

  it('says what it cannot read, and refuses stdin beside files', () => {
    using repository = begin();
    const missing = repository.run(['upgrade-manifests', 'nothing.yaml']);
    assert.equal(missing.status, 1);
    assert.match(missing.stdout, /^nothing\.yaml is not there {3}M101$/m);
    const both = repository.run(['upgrade-manifests', '-', 'manifests']);
    assert.equal(both.status, 2);
    assert.match(both.stderr, /^- cannot be given together with files\n/);
    const version = repository.run(['upgrade-manifests', 'manifests', '--operator-version', '0.9.0']);
    assert.equal(version.status, 2);
  });
});
