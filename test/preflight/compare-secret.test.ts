import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { goString } from '../../src/eso/go/go-string.ts';
import type { ExistingSecret, PredictedSecret } from '../../src/eso/prediction.ts';
import { SecretBytes } from '../../src/eso/secret-bytes.ts';
import { compareSecret } from '../../src/preflight/compare-secret.ts';

const key = randomBytes(32);

function dataOf(values: Readonly<Record<string, string>>): ReadonlyMap<string, SecretBytes> {
  return new Map(Object.entries(values).map(([name, value]) => [name, new SecretBytes(goString(value))]));
}

function predicted(values: Readonly<Record<string, string>>): PredictedSecret {
  return {
    name: 'app',
    namespace: 'team',
    type: 'Opaque',
    immutable: false,
    data: dataOf(values),
    labels: {},
    annotations: {},
    owned: true,
  };
}

function existing(values: Readonly<Record<string, string>>, type = 'Opaque'): ExistingSecret {
  return { uid: '1', type, immutable: false, labels: {}, annotations: {}, data: dataOf(values), managed: [] };
}

describe('the changes to a Secret', () => {
  it('are the keys that come, go, change and stay', () => {
    const changes = compareSecret(
      predicted({ B: 'new', NEW: 'x', A: 'same', C: '' }),
      existing({ A: 'same', B: 'old', OLD: 'x', C: '' }),
      key,
    );
    const [changed] = changes.changed;
    assert.deepEqual(
      { ...changes, changed: changes.changed.map((one) => one.key) },
      { exists: true, added: ['NEW'], removed: ['OLD'], changed: ['B'], unchanged: 2 },
    );
    assert.match(changed?.before ?? '', /^[A-Z2-7]{8}$/);
    assert.notEqual(changed?.before, changed?.after);
    assert.equal(changed?.sameContent, false);
  });

  it('are all of its keys where there is none yet', () => {
    const changes = compareSecret(predicted({ B: '1', A: '2' }), 'absent', key);
    assert.deepEqual(changes, { exists: false, added: ['A', 'B'], removed: [], changed: [], unchanged: 0 });
  });

  it('may be in the bytes alone: JSON in another order or spacing', () => {
    for (const [after, same] of [
      ['{ "b": [1, 2], "a": "é" }', true],
      ['{"b":[1,2],"a":"é"}', false],
      ['{"a":"é"}', false],
      ['[1]', false],
    ] as const) {
      const { changed } = compareSecret(predicted({ A: after }), existing({ A: '{"a":"é","b":[1, 2]}' }), key);
      assert.equal(changed[0]?.sameContent, same, after);
    }
  });

  it('may be its type', () => {
    assert.equal(compareSecret(predicted({}), existing({}, 'kubernetes.io/tls'), key).typeBefore, 'kubernetes.io/tls');
  });

  it('hold no value', () => {
    const changes = compareSecret(predicted({ A: 'example-canary-1' }), existing({ A: 'example-canary-2' }), key);
    assert.doesNotMatch(JSON.stringify(changes), /canary/);
  });
});
