import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadEsoSchemas, selectEsoSchemas } from '../../src/schemas/eso-schemas.ts';
import { createSchemaChecker } from '../../src/schemas/schema-check.ts';
import type { SchemaSet } from '../../src/schemas/schema-set.ts';
import { loadSets, schemasRoot, soundManifests, withChange } from './manifests.ts';

function setFor(version: string): SchemaSet {
  const selection = selectEsoSchemas(version);
  assert.equal(selection.kind, 'selected');
  return loadEsoSchemas(schemasRoot, selection);
}

describe('selectEsoSchemas', () => {
  const nullBytes = ['null-byte-policy', 'null-byte-policy-default'];
  const none: string[] = [];
  for (const [version, folder, exact, overlays] of [
    ['0.17.0', 'external-secrets-0.17.0', true, none],
    ['0.18.9', 'external-secrets-0.18.2', true, none],
    ['v0.20.4', 'external-secrets-0.20.4', true, none],
    ['0.20', 'external-secrets-0.20.4', true, none],
    ['0.21.0', 'external-secrets-0.20.4', false, none],
    ['1.2.0', 'external-secrets-0.20.4', false, none],
    ['1.3.0', 'external-secrets-1.3.2', true, none],
    ['1.4.0', 'external-secrets-1.3.2', false, none],
    ['2.2.1', 'external-secrets-1.3.2', false, none],
    ['2.3.0', 'external-secrets-1.3.2', false, nullBytes],
    ['2.8.3', 'external-secrets-1.3.2', false, nullBytes],
    ['2.9.0', 'external-secrets-1.3.2', false, ['null-byte-policy', 'no-reference-defaults']],
    ['2.10.0', 'external-secrets-1.3.2', false, ['null-byte-policy', 'no-reference-defaults']],
  ] as const)
    it(`${version} → ${folder}${exact ? '' : ', not exact'}`, () =>
      assert.deepEqual(selectEsoSchemas(version), { kind: 'selected', folder, exact, overlays }));

  it('refuses what is too old or no version', () => {
    for (const version of ['0.16.2', '0.9.20', '0.16', 'latest', '', '1'])
      assert.equal(selectEsoSchemas(version).kind, 'unsupported', version);
  });
});

describe('overlays', () => {
  const manifest = soundManifests().externalSecret;
  const rest = loadSets().slice(1);
  const places = [
    ['spec', 'data', 0, 'remoteRef', 'nullBytePolicy'],
    ['spec', 'dataFrom', 0, 'extract', 'nullBytePolicy'],
    ['spec', 'dataFrom', 1, 'find', 'nullBytePolicy'],
  ];

  it('let nullBytePolicy through where the operator knows it, and nowhere else', () => {
    for (const [version, known] of [
      ['2.2.0', false],
      ['2.3.0', true],
      ['2.8.0', true],
      ['2.9.0', true],
    ] as const) {
      const check = createSchemaChecker([setFor(version), ...rest]);
      for (const place of places) {
        assert.equal(check(withChange(manifest, place, 'Fail')).length === 0, known, `${version} ${place.join('.')}`);
        assert.ok(check(withChange(manifest, place, 'fail')).length > 0);
      }
      assert.ok(check(withChange(manifest, ['spec', 'target', 'nullBytePolicy'], 'Fail')).length > 0);
    }
  });

  it('reach into ClusterExternalSecret', () => {
    const { metadata, spec } = manifest;
    const cluster = { ...manifest, kind: 'ClusterExternalSecret', metadata, spec: { externalSecretSpec: spec } };
    const place = ['spec', 'externalSecretSpec', 'data', 0, 'remoteRef', 'nullBytePolicy'];
    const changed = withChange(cluster, place, 'Ignore');
    assert.deepEqual(createSchemaChecker([setFor('2.3.0'), ...rest])(changed), []);
    assert.equal(createSchemaChecker([setFor('1.3.2'), ...rest])(changed).length, 1);
  });

  it('say what the API server fills in', () => {
    const defaults = (version: string): Record<string, unknown> => {
      const spec = setFor(version).find('external-secrets.io/v1', 'ExternalSecret')?.properties?.spec;
      const fields = spec?.properties?.data?.items?.properties?.remoteRef?.properties ?? {};
      return Object.fromEntries(
        Object.entries(fields).flatMap(([name, field]) => (field.default === undefined ? [] : [[name, field.default]])),
      );
    };
    const before = { conversionStrategy: 'Default', decodingStrategy: 'None', metadataPolicy: 'None' };
    assert.deepEqual(defaults('1.3.2'), before);
    assert.deepEqual(defaults('2.3.0'), { ...before, nullBytePolicy: 'Ignore' });
    assert.deepEqual(defaults('2.9.0'), {});
  });
});
