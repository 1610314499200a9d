import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readCrdFolder, schemaSetFromCrds } from '../../src/schemas/crd-schemas.ts';

function crd(kind: string): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    spec: {
      group: 'example.org',
      names: { kind },
      versions: [{ name: 'v1', served: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  };
}

describe('CRDs that a user runs', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'crds-'));
    mkdirSync(path.join(folder, 'below'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('come from every YAML and JSON file below the folder, multi-document and lists included', async () => {
    const [a, b, c, d] = ['A', 'B', 'C', 'D'].map((kind) => JSON.stringify(crd(kind)));
    writeFileSync(path.join(folder, 'a.yaml'), `${a ?? ''}\n---\n# nothing\n---\n${b ?? ''}\n---\nkind: Secret\n`);
    writeFileSync(path.join(folder, 'below/list.json'), `{"kind": "List", "items": [${c ?? ''}]}`);
    writeFileSync(
      path.join(folder, 'below/cluster.yml'),
      `{"kind": "CustomResourceDefinitionList", "items": [${d ?? ''}]}`,
    );
    writeFileSync(path.join(folder, 'template.yaml'), '{{ if .Values.crds }}\n{{ end }}');
    writeFileSync(path.join(folder, 'notes.txt'), 'kind: CustomResourceDefinition {');
    const set = schemaSetFromCrds(await readCrdFolder(folder));
    assert.deepEqual(set.kinds.map(({ kind }) => kind).sort(), ['A', 'B', 'C', 'D']);
    assert.equal(set.find('example.org/v1', 'C'), set.find('example.org/v1', 'C'));
    assert.equal(set.find('example.org/v2', 'C'), undefined);
  });

  it('are told from a folder that holds none, is not there or cannot be read', async () => {
    await assert.rejects(readCrdFolder(folder), { code: 'USAGE', message: /holds a CustomResourceDefinition/ });
    await assert.rejects(readCrdFolder(path.join(folder, 'none')), { code: 'USAGE', message: /There is no folder/ });
    writeFileSync(path.join(folder, 'a.yaml'), 'kind: CustomResourceDefinition\nspec: [\n');
    await assert.rejects(readCrdFolder(folder), { code: 'USAGE', message: /a\.yaml .* cannot be read as YAML/ });
  });
});
