import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import type { Secret } from '../../src/model/platform.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { Digests, ExpectedSecret } from '../../src/rollout/expected-secret.ts';
import { differingKeys, digestsOf, expectSecrets } from '../../src/rollout/expected-secret.ts';
import type { SecretState } from '../../src/rollout/judge-secret.ts';
import { judgeSecret } from '../../src/rollout/judge-secret.ts';

const key = randomBytes(32);
const target = {
  namespace: 'n',
  name: 's',
  application: 'a',
  type: 'Opaque',
  labels: {},
  annotations: {},
  template: {},
};
const field = {
  description: '',
  format: 'text',
  origin: 'external',
  obtainedFrom: undefined,
  rotateAfterDays: undefined,
} as const;
const secret: Secret = {
  ...{
    name: 's',
    description: '',
    application: 'a',
    store: 'vault-secret-store',
    vaultPath: 'a/s',
    keyVaultName: 'a-s',
  },
  content: {
    kind: 'fields',
    fields: [
      { ...field, name: 'A', required: true },
      { ...field, name: 'B', required: false },
    ],
  },
  targets: [
    {
      ...target,
      keys: [
        { field: 'A', key: 'A' },
        { field: 'B', key: 'b' },
      ],
    },
  ],
};

function expectedOf(json: string, store: Secret['store'] = 'azure-keyvault-store'): ExpectedSecret {
  const [one] = expectSecrets(secret, store, new SecretValue(json), key);
  assert.ok(one !== undefined && !('because' in one), inspect(one));
  return one;
}
function held(data: Readonly<Record<string, string>>): Digests {
  const hidden = Object.entries(data).map(([of, text]) => [of, new SecretValue(Buffer.from(text).toString('base64'))]);
  return digestsOf(target, Object.fromEntries(hidden), key);
}
const expected = expectedOf('{"A":"one é","B":"two"}');
const same = held({ A: 'one é', b: 'two' });

type Facts = { store?: string; generation?: number; version?: string; ready?: string; message?: string };
function externalSecret({ store = 'azure-keyvault-store', generation = 3, version = '3-ab', ...facts }: Facts): object {
  const { ready = 'True', message = 'secret synced' } = facts;
  const reason = ready === 'True' ? 'SecretSynced' : 'SecretSyncedError';
  return {
    metadata: { name: 's', namespace: 'n', generation },
    spec: { secretStoreRef: { kind: 'ClusterSecretStore', name: store } },
    status: { syncedResourceVersion: version, conditions: [{ type: 'Ready', status: ready, reason, message }] },
  };
}

describe('what a Kubernetes Secret must hold', () => {
  it('is the same from either store, and compared without keeping a value', () => {
    const vault = expectedOf('{"A":"one é","B":"two"}', 'vault-secret-store');
    assert.deepEqual(vault.digests, expected.digests);
    assert.deepEqual(differingKeys(expected.digests, same), []);
    assert.ok(!inspect([vault, same], { depth: 9 }).includes('one'));
  });

  it('differs by key: another value, one more, one less; equal values of two keys have two digests', () => {
    assert.deepEqual(differingKeys(expected.digests, held({ A: 'one e', b: 'two' })), ['A']);
    assert.deepEqual(differingKeys(expected.digests, held({ A: 'one é', b: 'two', c: '' })), ['c']);
    assert.deepEqual(differingKeys(expected.digests, held({ A: 'one é' })), ['b']);
    const [a, b] = [...held({ A: 'x', b: 'x' }).values()];
    assert.notDeepEqual(a, b);
    assert.deepEqual(differingKeys(new Map([['A', undefined]]), held({ A: 'anything' })), []);
    assert.deepEqual(differingKeys(new Map([['A', undefined]]), held({})), ['A']);
  });

  it('cannot be told where the operator would make none', () => {
    const [one] = expectSecrets(secret, 'azure-keyvault-store', new SecretValue('{"B":"two"}'), key);
    assert.ok(one !== undefined && 'because' in one);
    assert.match(one.because, /required in a-s, but missing or empty: A/);
  });
});

describe('a Kubernetes Secret that is rolled out', () => {
  const store = 'azure-keyvault-store' as const;
  const cases: [
    why: string,
    seen: object | undefined,
    digests: Digests | undefined,
    state: SecretState,
    because: RegExp,
  ][] = [
    ['is ready', externalSecret({}), same, 'ready', /^$/],
    ['has no ExternalSecret', undefined, same, 'not deployed', /no ExternalSecret/],
    [
      'reads from the old store',
      externalSecret({ store: 'vault-secret-store' }),
      same,
      'not deployed',
      /^reads from vault-secret-store$/,
    ],
    ['was Ready before this generation', externalSecret({ generation: 4 }), same, 'not read yet', /not read it again/],
    ['was Ready ten generations ago', externalSecret({ generation: 3, version: '30-ab' }), same, 'not read yet', /./],
    ['has no condition yet', { ...externalSecret({}), status: {} }, same, 'not read yet', /./],
    [
      'fails',
      externalSecret({ ready: 'False', message: 'could not update secret' }),
      same,
      'not ready',
      /^SecretSyncedError: could not update secret$/,
    ],
    [
      'fails in words that nobody knows',
      externalSecret({ ready: 'False', message: 'hunter2' }),
      same,
      'not ready',
      /^SecretSyncedError$/,
    ],
    ['holds other bytes', externalSecret({}), held({ A: 'one', b: 'two' }), 'changed', /^other bytes: A$/],
    ['is gone', externalSecret({}), undefined, 'changed', /no Secret/],
  ];
  for (const [why, seen, digests, state, because] of cases)
    it(`is ${state} where it ${why}`, () => {
      const judged = judgeSecret({ expected, store, before: same }, { externalSecret: seen, digests });
      assert.equal(judged.state, state);
      assert.match(judged.because, because);
    });

  it('must be what it was before, also where nothing is predicted', () => {
    const open = { ...expected, digests: new Map([['A', undefined]]) };
    const seen = { externalSecret: externalSecret({}), digests: held({ A: 'new' }) };
    assert.equal(judgeSecret({ expected: open, store, before: held({ A: 'old' }) }, seen).because, 'other bytes: A');
    assert.equal(judgeSecret({ expected: open, store, before: undefined }, seen).state, 'ready');
  });

  it('may stay as it is where the store holds nothing', () => {
    const retained = { ...expected, digests: new Map(), retained: true };
    const seen = { externalSecret: externalSecret({}), digests: same };
    assert.equal(judgeSecret({ expected: retained, store, before: same }, seen).state, 'ready');
  });
});
