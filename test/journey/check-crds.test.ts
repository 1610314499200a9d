import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { stringify } from 'yaml';
import { Repository } from '../fixtures/repository.ts';

/** A CRD of ExternalSecrets whose spec knows these fields and no others. */
function crd(...fields: string[]): object {
  const open = { 'x-kubernetes-preserve-unknown-fields': true };
  const spec = {
    type: 'object',
    properties: Object.fromEntries(
      fields.map((field) => [field, field.startsWith('refresh') ? { type: 'string' } : open]),
    ),
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'externalsecrets.external-secrets.io' },
    spec: {
      group: 'external-secrets.io',
      names: { kind: 'ExternalSecret', plural: 'externalsecrets' },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec,
              },
            },
          },
        },
      ],
    },
  };
}

function withKubectl(repository: Repository, script: string): Record<string, string> {
  const bin = path.join(repository.root, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'kubectl'), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(bin, 'kubectl'), 0o755);
  return { PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` };
}

describe('npm run check -- --crds', () => {
  it('checks against the CRDs of a folder, and against schemas/ what the folder does not have', () => {
    using repository = new Repository();
    mkdirSync(path.join(repository.root, 'crds'));
    repository.write(
      'crds/externalsecrets.yaml',
      stringify(crd('refreshInterval', 'secretStoreRef', 'target', 'dataFrom')),
    );
    const { status, stdout } = repository.run(['check', '--crds', 'crds', '--application', 'nextjs']);
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^nextjs\/manifests\/externalsecret-nextjs-secrets\.yaml: spec\.refreshPolicy is not a field/m,
    );
    assert.match(stdout, /^nextjs\/manifests\/externalsecret-registry-credentials\.yaml: spec\.data is not a field/m);
    repository.write(
      'crds/externalsecrets.yaml',
      stringify(crd('refreshInterval', 'refreshPolicy', 'secretStoreRef', 'target', 'data', 'dataFrom')),
    );
    assert.equal(repository.run(['check', '--crds', 'crds']).status, 0);
  });

  it('says what is wrong with the folder', () => {
    using repository = new Repository();
    const missing = repository.run(['check', '--crds', 'crd']);
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /There is no folder crd\n/);
    const none = repository.run(['check', '--crds', 'config']);
    assert.equal(none.status, 2);
    assert.match(none.stderr, /No file below config holds a CustomResourceDefinition\n/);
  });

  const posix = { skip: process.platform === 'win32' && 'needs a POSIX shell' };
  it('checks against those of the cluster that kubectl talks to', posix, () => {
    using repository = new Repository();
    repository.write(
      'list.json',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [crd('refreshInterval', 'secretStoreRef', 'target', 'data', 'dataFrom')],
      }),
    );
    const variables = withKubectl(
      repository,
      `test "$*" = "get customresourcedefinitions.apiextensions.k8s.io --output json" && cat '${repository.root}/list.json'`,
    );
    const { status, stdout } = repository.run(['check', '--crds', 'cluster', '--application', 'headlamp'], variables);
    assert.equal(status, 1);
    assert.match(stdout, /externalsecret-headlamp-oidc\.yaml: spec\.refreshPolicy is not a field/);
  });

  it('says why the cluster could not be read', posix, () => {
    using repository = new Repository();
    const variables = withKubectl(
      repository,
      `echo 'The connection to the server localhost:8080 was refused' >&2; exit 1`,
    );
    const { status, stderr } = repository.run(['check', '--crds', 'cluster'], variables);
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^the CRDs of the cluster could not be read: The connection to the server localhost:8080 was refused\n {2}kubectl get customresourcedefinitions/,
    );
  });

  it('says that kubectl is not installed', posix, () => {
    using repository = new Repository();
    const { status, stderr } = repository.run(['check', '--crds', 'cluster'], { PATH: repository.root });
    assert.equal(status, 2);
    assert.match(stderr, /^kubectl is not installed\n {2}Install it, or give --crds a folder of CRD files\.\n$/);
  });
});
