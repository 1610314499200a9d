import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resourceVersion, dataHash } from '../../src/eso/predict/object-hash.ts';
import type { ExistingSecret } from '../../src/eso/prediction.ts';
import type { ExternalSecret, ExternalSecretSpec } from '../../src/eso/resources.ts';
import { willRefresh } from '../../src/preflight/will-refresh.ts';
import { externalSecretOf } from './resources-fixture.ts';

const target: ExistingSecret = {
  ...{ uid: 'u', type: 'Opaque', immutable: false, data: new Map(), managed: [] },
  labels: { 'reconcile.external-secrets.io/managed': 'true' },
  annotations: { 'reconcile.external-secrets.io/data-hash': dataHash(new Map()) },
};

function manifest(spec: Partial<ExternalSecretSpec>, key = 'a'): ExternalSecret {
  const one = externalSecretOf(key);
  return { ...one, spec: { ...one.spec, ...spec } };
}

/** As the cluster has it after a sync; somebody else has set an annotation since, or before. */
function synced(of: ExternalSecret): ExternalSecret {
  const metadata = { ...of.metadata, annotations: { other: 'theirs' }, generation: 3 };
  return {
    ...of,
    metadata,
    status: {
      refreshTime: '2026-01-01T00:00:00Z',
      syncedResourceVersion: resourceVersion(3, metadata.labels, metadata.annotations),
    },
  };
}

describe('whether an ExternalSecret that is applied again is refreshed', () => {
  const after = (
    spec: Partial<ExternalSecretSpec>,
    key?: string,
    secret: ExistingSecret | 'absent' = target,
  ): boolean => willRefresh(manifest(spec, key), synced(manifest(spec)), secret);

  it('is so with an interval, and where it is new', () => {
    assert.equal(after({ refreshInterval: '1h' }), true);
    assert.equal(willRefresh(manifest({ refreshInterval: '0' }), undefined, target), true);
    assert.equal(willRefresh(manifest({ refreshInterval: '0' }), manifest({ refreshInterval: '0' }), target), true);
  });

  it('is not so with the interval 0 or with CreatedOnce, whatever changes, while its Secret is there', () => {
    for (const spec of [{ refreshInterval: '0' }, { refreshPolicy: 'CreatedOnce' as const }]) {
      assert.equal(after(spec), false);
      assert.equal(after(spec, 'b'), false);
      assert.equal(after(spec, 'b', 'absent'), true);
    }
  });

  it('is so with OnChange once something changes', () => {
    assert.equal(after({ refreshPolicy: 'OnChange' }), false);
    assert.equal(after({ refreshPolicy: 'OnChange' }, 'b'), true);
  });
});
