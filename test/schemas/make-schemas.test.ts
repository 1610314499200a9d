import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ModuleFiles } from '../../src/schemas/fetch.ts';
import { fetchModule } from '../../src/schemas/fetch.ts';
import { makeSchemas, verifySchemas } from '../../src/schemas/make-schemas.ts';
import type { SchemaSource } from '../../src/schemas/sources.ts';
import { replaceFolder, schemaFileName } from '../../src/schemas/write-schemas.ts';

const source: SchemaSource = {
  project: 'argo-cd',
  module: 'example.org/things',
  version: 'v1.2.3',
  content: { kind: 'crds', folder: 'crds' },
};
const crd = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  group: example.org
  names: {kind: Thing}
  versions:
  - name: v1
    served: true
    schema:
      openAPIV3Schema:
        type: object
        x-kubernetes-validations: [{rule: 'true'}]
`;
const files: ModuleFiles = {
  list: () => ['crds/README.md', 'crds/thing.yaml'],
  read: (file) => {
    assert.equal(file, 'crds/thing.yaml');
    return `${crd}---\n${crd.replace('Thing', 'Other').replace('CustomResourceDefinition', 'Kustomization')}`;
  },
};

describe('makeSchemas', () => {
  let root = '';
  const job = (verify: boolean) => ({ root, verify, sources: [source], fetch: () => Promise.resolve(files) });
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'schemas-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('writes a file per kind, with its source and what was dropped, and an index', async () => {
    const lines: string[] = [];
    const result = await makeSchemas({ ...job(false), progress: (line) => lines.push(line) });
    assert.equal(result.kind, 'written');
    assert.deepEqual(result.folders[0]?.dropped, { celRules: 1, patterns: 0, formats: 0 });
    assert.deepEqual(lines, ['argo-cd-1.2.3: reading example.org/things v1.2.3']);
    const folder = path.join(root, 'schemas/argo-cd-1.2.3');
    assert.deepEqual(readdirSync(folder).sort(), ['index.json', 'thing.example.org.v1.json']);
    const text = readFileSync(path.join(folder, 'thing.example.org.v1.json'), 'utf8');
    assert.match(text, /^\{"apiVersion":"example.org\/v1","kind":"Thing","schema":.*\}\n$/);
    assert.deepEqual((JSON.parse(text) as { source: unknown }).source, {
      module: 'example.org/things',
      version: 'v1.2.3',
      file: 'crds/thing.yaml',
      dropped: { celRules: 1, patterns: 0, formats: 0 },
    });
    assert.deepEqual(readdirSync(path.join(root, 'schemas')), ['argo-cd-1.2.3']);
  });

  it('verifies without writing: missing, changed and additional files', async () => {
    const different = async (): Promise<readonly string[]> => {
      const made = await makeSchemas(job(true));
      const verified = await verifySchemas(job(true));
      assert.deepEqual(made, verified);
      return verified.different;
    };
    assert.deepEqual(await different(), ['argo-cd-1.2.3/index.json', 'argo-cd-1.2.3/thing.example.org.v1.json']);
    assert.ok(!existsSync(path.join(root, 'schemas')));
    await makeSchemas(job(false));
    assert.deepEqual(await different(), []);
    const folder = path.join(root, 'schemas/argo-cd-1.2.3');
    writeFileSync(path.join(folder, 'more.json'), '{}');
    writeFileSync(path.join(folder, 'thing.example.org.v1.json'), '{}');
    mkdirSync(path.join(root, 'schemas/argo-cd-0.0.1'));
    assert.deepEqual(await different(), [
      'argo-cd-1.2.3/more.json',
      'argo-cd-1.2.3/thing.example.org.v1.json',
      'argo-cd-0.0.1',
    ]);
    await makeSchemas(job(false));
    assert.deepEqual(await different(), ['argo-cd-0.0.1']);
  });

  it('writes nothing when a module cannot be had', async () => {
    const broken = { ...job(false), fetch: () => Promise.reject(new Error('no network')) };
    await assert.rejects(makeSchemas(broken), /no network/);
    assert.ok(!existsSync(path.join(root, 'schemas')));
  });

  it('restores the previous folder when a run was killed while it moved', () => {
    replaceFolder(root, 'a', new Map([['x.json', 'old']]));
    renameSync(path.join(root, 'a'), path.join(root, '.previous-a'));
    const target = path.join(root, '.new-a');
    writeFileSync(target, 'left over');
    replaceFolder(root, 'a', new Map([['x.json', 'new']]));
    assert.equal(readFileSync(path.join(root, 'a/x.json'), 'utf8'), 'new');
    assert.deepEqual(readdirSync(root), ['a']);
  });

  it('keeps the previous folder when writing fails', () => {
    replaceFolder(root, 'a', new Map([['x.json', 'old']]));
    assert.throws(() => replaceFolder(root, 'a', new Map([['no/such/folder', 'new']])), { code: 'OUTPUT' });
    assert.equal(readFileSync(path.join(root, 'a/x.json'), 'utf8'), 'old');
  });
});

describe('fetchModule', () => {
  it('says that Go is missing, and that checking does not need it', async () => {
    const { PATH } = process.env;
    process.env['PATH'] = '';
    try {
      await assert.rejects(fetchModule({ module: 'example.org/none', version: 'v0.0.0' }), {
        code: 'GO',
        message: /^Go is not installed/,
        hint: /Checking manifests does not need it/,
      });
    } finally {
      process.env['PATH'] = PATH;
    }
  });
});

describe('schemaFileName', () => {
  it('holds kind, group and version', () => {
    assert.equal(schemaFileName('v1', 'Secret'), 'secret.core.v1.json');
    assert.equal(schemaFileName('argoproj.io/v1alpha1', 'AppProject'), 'appproject.argoproj.io.v1alpha1.json');
  });
});
