/** Our own ExternalSecrets over any values: what is predicted is what src/eso/receive.ts says, which was seen to be so on the real operator. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { textOf } from '../../../src/eso/go/go-string.ts';
import type { Received } from '../../../src/eso/receive.ts';
import { receive } from '../../../src/eso/receive.ts';
import { readRemoteSecret } from '../../../src/eso/remote-secret.ts';
import type { RemoteSecret } from '../../../src/eso/remote-secret.ts';
import type { ExternalSecret, Store } from '../../../src/eso/resources.ts';
import type { Predicted } from '../../../src/eso/prediction.ts';
import { externalSecret } from '../../../src/manifests/external-secret.ts';
import { parseResources } from '../../../src/manifest-input/parse-resources.ts';
import type { Configuration, SecretDefinition, StoreName } from '../../../src/model/configuration.ts';
import type { ApplicationTarget, Environment } from '../../../src/model/platform.ts';
import { remoteKey } from '../../../src/model/platform.ts';
import { SecretValue } from '../../../src/model/secret-value.ts';
import { platformOf, soundConfiguration } from '../../fixtures/configuration.ts';
import type { Given } from './sample.ts';
import { keyVaultStore, predicted, vaultStore } from './sample.ts';

type Sample = { readonly target: ApplicationTarget; readonly environment: Environment };

function sampleOf(change: Partial<SecretDefinition>, defaultStore: StoreName): Sample {
  const configuration = soundConfiguration();
  const payment = { ...configuration.secrets['payment'], ...change } as SecretDefinition;
  const { dev, production } = configuration.environments;
  assert.ok(dev && production);
  const changed: Configuration = {
    ...configuration,
    secrets: { payment },
    environments: { dev: { ...production, production: false, defaultStore } },
  };
  const platform = platformOf(changed);
  const target = platform.applications[0]?.targets[0];
  assert.ok(target);
  return { target, environment: platform.environment };
}

const samples = (['vault-secret-store', 'azure-keyvault-store'] as const).flatMap((store) => [
  sampleOf({}, store),
  sampleOf({ targets: [{ name: 'payment', keys: { PROVIDER: 'provider', NOTE: 'note' } }] }, store),
  sampleOf(
    { targets: [{ name: 'payment', template: { kind: 'git', same: '{{ .PROVIDER }}', of: '{{ .NOTE }}' } }] },
    store,
  ),
  sampleOf({ fields: { NOTE: { description: 'd', format: 'text', required: false } } }, store),
  sampleOf(
    { fields: undefined as never, text: { format: 'token' }, targets: [{ name: 'payment', key: 'KEY' }] },
    store,
  ),
]);

function resourceOf({ target, environment }: Sample): ExternalSecret {
  const value = externalSecret(target, environment);
  const { externalSecrets, problems } = parseResources(
    [
      {
        file: 'payment.yaml',
        line: 1,
        apiVersion: value.apiVersion,
        kind: value.kind,
        namespace: 'shop',
        name: 'payment',
        value,
      },
    ],
    { version: { major: 0, minor: 20 }, defaultNamespace: 'default' },
  );
  assert.deepEqual(problems, []);
  const [given] = externalSecrets;
  assert.ok(given);
  return given.resource;
}

function storeOf({ target }: Sample): Store {
  const store = target.secret.store === 'vault-secret-store' ? vaultStore() : keyVaultStore();
  return { ...store, metadata: { ...store.metadata, name: target.secret.store } };
}

/** @param text undefined: it is missing */
function outcomes(
  sample: Sample,
  text: string | undefined,
): { readonly prediction: Predicted; readonly received: Received } {
  const { secret, target } = sample.target;
  const key = remoteKey(secret);
  const name = secret.store === 'vault-secret-store' ? `secret/data/${key}` : key;
  const given: Given = { store: storeOf(sample), remote: text === undefined ? {} : { [name]: text } };
  const remote: RemoteSecret =
    text === undefined ? { kind: 'missing' } : readRemoteSecret(secret, new SecretValue(text));
  return { prediction: predicted(resourceOf(sample), given), received: receive(secret, target, remote) };
}

function assertSame({ prediction, received }: ReturnType<typeof outcomes>): void {
  switch (received.kind) {
    case 'retained':
      assert.ok(prediction.kind === 'syncs', prediction.kind);
      assert.equal(prediction.condition.message, 'secret retained due to DeletionPolicy=Retain');
      assert.equal(prediction.effect.kind, 'untouched');
      return;
    case 'failed':
      assert.ok(prediction.kind === 'fails', prediction.kind);
      assert.equal(prediction.condition.message, received.condition);
      if (received.because.startsWith('required in'))
        assert.ok(prediction.events.at(-1)?.message.reveal().endsWith(`error calling fail: ${received.because}`));
      return;
    case 'synced': {
      assert.ok(prediction.kind === 'syncs' && prediction.effect.kind === 'created', JSON.stringify(prediction));
      const { data } = prediction.effect.secret;
      const expected = received.keys.map(({ key, value }) => [
        key,
        typeof value === 'string' ? value : value.reveal().toWellFormed(),
      ]);
      assert.deepEqual([...data].map(([key, value]) => [key, textOf(value.reveal())]).toSorted(), expected.toSorted());
    }
  }
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('card', 'bank', '', ' x', 'a: b', 'yes', '~', '<>&\u2028', '{{ .NOTE }}', '12', 'null'),
);
const value = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.double() },
);
const object = fc.dictionary(fc.constantFrom('PROVIDER', 'CARD_KEY', 'NOTE', 'other', 'a/b', 'value', ''), value);

describe('of our own ExternalSecrets', () => {
  it('the outcome is the one that is known, whatever an object holds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), object, (sample, fields) => {
        assertSame(outcomes(sample, JSON.stringify(fields)));
      }),
      { numRuns: 400 },
    );
  });

  it('the outcome is the one that is known, of any text in Key Vault and of none', () => {
    const inKeyVault = samples.filter(({ target }) => target.secret.store === 'azure-keyvault-store');
    const contents = fc.oneof(text, fc.constantFrom('[]', '{}', 'null', '{"a":1', '{"NOTE":"x"} ', '\ufeff{}'));
    fc.assert(
      fc.property(fc.constantFrom(...inKeyVault), contents, (sample, content) => {
        assertSame(outcomes(sample, content));
      }),
    );
    for (const sample of samples) assertSame(outcomes(sample, undefined));
  });

  it('a thousand take a fraction of a second', () => {
    const sample = samples[5];
    assert.ok(sample);
    const resource = resourceOf(sample);
    const given: Given = {
      store: storeOf(sample),
      remote: { [remoteKey(sample.target.secret)]: '{"PROVIDER":"bank","NOTE":"x"}' },
    };
    const start = performance.now();
    for (let index = 0; index < 1000; index++) {
      const name = `payment-${String(index)}`;
      const metadata = { ...resource.metadata, name };
      assert.equal(predicted({ ...resource, metadata }, given).kind, 'syncs');
    }
    const elapsedMs = performance.now() - start;
    // A tenth of it where nothing else runs.
    assert.ok(elapsedMs < 2500, `1,000 took ${String(elapsedMs)} ms`);
  });
});
