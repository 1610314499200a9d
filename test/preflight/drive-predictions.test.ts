import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { goString } from '../../src/eso/go/go-string.ts';
import type { Predicted, Prediction, PredictionInput, World } from '../../src/eso/prediction.ts';
import type { ProviderAnswer, ProviderRequest } from '../../src/eso/provider.ts';
import { requestId } from '../../src/eso/provider.ts';
import { defaultSettings } from '../../src/eso/operator-settings.ts';
import { InternalError } from '../../src/model/problem.ts';
import { drivePredictions } from '../../src/preflight/drive-predictions.ts';
import { externalSecretOf, reference, vaultStore } from './resources-fixture.ts';

const world: Omit<World, 'read'> = {
  operator: defaultSettings({ major: 0, minor: 20, patch: 4 }),
  store: () => vaultStore,
  namespaceLabels: () => 'unknown',
  secret: () => 'unknown',
  configMap: () => 'unknown',
  serviceAccount: () => 'unknown',
};

function asked(key: string): ProviderRequest {
  return { kind: 'vault-secret', store: vaultStore, path: `secret/data/${key}`, version: '' };
}

/** Needs one entry after the other, as if each told what the next one is. */
function predictStepwise({ externalSecret, world: { read } }: PredictionInput): Prediction {
  for (const { remoteRef } of externalSecret.spec.data)
    if (read(asked(remoteRef.key)) === undefined) return { kind: 'needs', requests: [asked(remoteRef.key)] };
  return { kind: 'skipped', because: externalSecret.metadata.name, assumed: [] };
}

function itemOf(name: string, keys: readonly string[]): { externalSecret: ReturnType<typeof externalSecretOf> } {
  const data = keys.map((key) => ({ secretKey: key, remoteRef: reference(key) }));
  return { externalSecret: externalSecretOf(name, { data, dataFrom: [] }) };
}

const present: ProviderAnswer = { kind: 'present', secret: { value: goString('{}'), tags: undefined } };

describe('many predictions', () => {
  it('read each distinct thing once, whoever needs it, and end in their order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        async (needs, concurrency) => {
          const items = needs.map((keys, index) => itemOf(`es-${index}`, keys));
          const reads: string[] = [];
          let [running, most] = [0, 0];
          const readers = async (request: ProviderRequest): Promise<ProviderAnswer> => {
            reads.push(requestId(request));
            running += 1;
            most = Math.max(most, running);
            await Promise.resolve();
            running -= 1;
            return present;
          };
          const conclude = (_: unknown, predicted: Predicted): string =>
            predicted.kind === 'skipped' ? predicted.because : '';
          const driven = await drivePredictions(
            items,
            { predict: predictStepwise, world, readers, concurrency },
            conclude,
          );
          assert.deepEqual(
            driven.outcomes,
            items.map(({ externalSecret }) => externalSecret.metadata.name),
          );
          assert.equal(reads.length, new Set(needs.flat()).size);
          assert.equal(new Set(reads).size, reads.length);
          assert.equal(driven.reads, reads.length);
          assert.ok(most <= concurrency);
        },
      ),
    );
  });

  it('hand on what each was made of, in the order of asking', async () => {
    const { outcomes } = await drivePredictions(
      [itemOf('es', ['b', 'a'])],
      { predict: predictStepwise, world, readers: () => Promise.resolve(present), concurrency: 2 },
      (_, __, { used, read }) => [
        used.map(({ request }) => ('path' in request ? request.path : '')),
        read(asked('a'))?.kind,
        read(asked('z'))?.kind,
      ],
    );
    assert.deepEqual(outcomes, [[['secret/data/b', 'secret/data/a'], 'present', undefined]]);
  });

  it('that ask again for what is known end, and not never', async () => {
    const endless = (): Prediction => ({ kind: 'needs', requests: [asked('a')] });
    await assert.rejects(
      drivePredictions(
        [itemOf('es', ['a'])],
        { predict: endless, world, readers: () => Promise.resolve(present), concurrency: 1 },
        () => undefined,
      ),
      InternalError,
    );
  });

  it('stop when the caller gives up', async () => {
    const given = new AbortController();
    given.abort(new Error('enough'));
    await assert.rejects(
      drivePredictions(
        [itemOf('es', ['a'])],
        {
          predict: predictStepwise,
          world,
          readers: () => Promise.resolve(present),
          concurrency: 1,
          signal: given.signal,
        },
        () => undefined,
      ),
      /enough/,
    );
  });
});
