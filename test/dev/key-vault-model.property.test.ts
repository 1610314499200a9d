/** Any sequence of operations, compared step by step with a model that is as simple as can be. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createTestVault, errorOf } from './key-vault-fixture.ts';
import type { Answer, Ask, Json, TestVault } from './key-vault-fixture.ts';

const retentionMs = 7 * 86_400_000;
const lagMs = 10_000;

type ModelVersion = { id: string; value: string; enabled: boolean; tags?: Record<string, string> };
type ModelSecret = { name: string; versions: ModelVersion[]; deletedAtMs?: number; recoveredAtMs?: number };
type Model = { secrets: Map<string, ModelSecret>; blobs: { text: string; secret: ModelSecret }[]; nowMs: number };
type State = 'none' | 'live' | 'recovering' | 'deleting' | 'deleted';
type Step = (model: Model, vault: TestVault) => void;

function stateOf({ secrets, nowMs }: Model, key: string): State {
  const secret = secrets.get(key);
  if (secret === undefined) return 'none';
  if (secret.deletedAtMs === undefined)
    return nowMs - (secret.recoveredAtMs ?? -Infinity) < lagMs ? 'recovering' : 'live';
  if (nowMs - secret.deletedAtMs >= retentionMs) {
    secrets.delete(key);
    return 'none';
  }
  return nowMs - secret.deletedAtMs < lagMs ? 'deleting' : 'deleted';
}

const reuse: Readonly<Partial<Record<State, string>>> = {
  deleted: '409 Conflict ObjectIsDeletedButRecoverable',
  deleting: '409 Conflict ObjectIsBeingDeleted',
  recovering: '409 Conflict ObjectIsBeingRecovered',
};
const notFound = '404 SecretNotFound';

/** Asks, and compares the status. @returns the answer where the operation is expected to succeed */
function expect({ ask }: TestVault, asked: Ask, refusal: string | undefined, success = 200): Answer | undefined {
  const answer = ask(asked);
  assert.equal(errorOf(answer), refusal ?? `${success}`, `${asked.method ?? 'GET'} ${asked.path}`);
  return refusal === undefined ? answer : undefined;
}

const idOf = (json: Json): string => json.id?.split('/')[5] ?? '';

const setStep =
  (name: string, value: string, enabled: boolean, tags: Record<string, string> | undefined): Step =>
  (model, vault) => {
    const key = name.toUpperCase();
    const body = { value, attributes: { enabled }, tags };
    const answer = expect(vault, { method: 'PUT', path: `/secrets/${name}`, body }, reuse[stateOf(model, key)]);
    if (answer === undefined) return;
    const secret = model.secrets.get(key) ?? { name, versions: [] };
    secret.versions.push({ id: idOf(answer.json), value, enabled, ...(tags !== undefined && { tags }) });
    model.secrets.set(key, secret);
  };

const updateStep =
  (name: string, which: number, enabled: boolean): Step =>
  (model, vault) => {
    const key = name.toUpperCase();
    const live = stateOf(model, key) === 'live';
    const versions = model.secrets.get(key)?.versions ?? [];
    const version = which === 0 ? versions.at(-1) : versions[which % (versions.length || 1)];
    const path = `/secrets/${name}/${which === 0 ? '' : (version?.id ?? '0'.repeat(32))}`;
    const body = { attributes: { enabled } };
    const answer = expect(vault, { method: 'PATCH', path, body }, live ? undefined : notFound);
    if (answer !== undefined && version !== undefined) version.enabled = enabled;
  };

const deleteStep =
  (name: string): Step =>
  (model, vault) => {
    const state = stateOf(model, name.toUpperCase());
    const refusal = state === 'live' ? undefined : state === 'recovering' ? reuse.recovering : notFound;
    const answer = expect(vault, { method: 'DELETE', path: `/secrets/${name}` }, refusal);
    const secret = model.secrets.get(name.toUpperCase());
    if (answer !== undefined && secret !== undefined) secret.deletedAtMs = model.nowMs;
  };

const endStep =
  (name: string, how: 'recover' | 'purge'): Step =>
  (model, vault) => {
    const key = name.toUpperCase();
    const state = stateOf(model, key);
    const refusal = state === 'deleted' ? undefined : state === 'deleting' ? reuse.deleting : notFound;
    const path = `/deletedsecrets/${name}`;
    const asked = how === 'purge' ? { method: 'DELETE', path } : { method: 'POST', path: `${path}/recover` };
    if (expect(vault, asked, refusal, how === 'purge' ? 204 : 200) === undefined) return;
    const secret = model.secrets.get(key);
    if (how === 'purge' || secret === undefined) model.secrets.delete(key);
    else {
      delete secret.deletedAtMs;
      secret.recoveredAtMs = model.nowMs;
    }
  };

const backupStep =
  (name: string): Step =>
  (model, vault) => {
    const key = name.toUpperCase();
    const refusal = stateOf(model, key) === 'live' ? undefined : notFound;
    const answer = expect(vault, { method: 'POST', path: `/secrets/${name}/backup` }, refusal);
    const secret = model.secrets.get(key);
    if (answer === undefined || secret === undefined) return;
    const versions = secret.versions.map((version) => ({ ...version }));
    model.blobs.push({ text: answer.json.value as string, secret: { name: secret.name, versions } });
  };

const restoreStep =
  (which: number): Step =>
  (model, vault) => {
    const blob = model.blobs[which % (model.blobs.length || 1)];
    if (blob === undefined) return;
    const key = blob.secret.name.toUpperCase();
    const state = stateOf(model, key);
    const refusal = state === 'live' ? '409 Conflict' : reuse[state];
    const asked = { method: 'POST', path: '/secrets/restore', body: { value: blob.text } };
    if (expect(vault, asked, refusal) === undefined) return;
    const versions = blob.secret.versions.map((version) => ({ ...version }));
    model.secrets.set(key, { name: blob.secret.name, versions });
  };

const waitStep =
  (ms: number): Step =>
  (model, vault) => {
    model.nowMs += ms;
    vault.clock.ms += ms;
  };

/** All that a client can see. */
function compare(model: Model, vault: TestVault, names: readonly string[]): void {
  const states = new Map(names.map((name) => [name.toUpperCase(), stateOf(model, name.toUpperCase())]));
  for (const [key, state] of states) {
    const secret = model.secrets.get(key);
    const latest = secret?.versions.at(-1);
    const readable = (version: ModelVersion | undefined): string | undefined =>
      state !== 'live' ? notFound : version?.enabled === false ? '403 Forbidden SecretDisabled' : undefined;
    for (const [path, version] of [
      ['', latest] as const,
      ...(secret?.versions ?? []).map((one) => [one.id, one] as const),
    ]) {
      const answer = expect(vault, { path: `/secrets/${key.toLowerCase()}/${path}` }, readable(version));
      if (answer === undefined) continue;
      const { value, tags, id } = answer.json;
      assert.deepEqual(
        [value, tags, id],
        [
          version?.value,
          version?.tags,
          `https://contoso.vault.azure.net/secrets/${secret?.name ?? ''}/${version?.id ?? ''}`,
        ],
      );
    }
    const deleted = expect(vault, { path: `/deletedsecrets/${key}` }, state === 'deleted' ? undefined : notFound);
    if (deleted !== undefined) assert.equal(deleted.json['deletedDate'], Math.floor((secret?.deletedAtMs ?? 0) / 1000));
    const versions = vault.ask({ path: `/secrets/${key}/versions` }).json.value as Json[];
    assert.deepEqual(versions.map(idOf), state === 'live' ? secret?.versions.map(({ id }) => id).toSorted() : []);
  }
  for (const [list, wanted] of [
    ['secrets', 'live'],
    ['deletedsecrets', 'deleted'],
  ] as const) {
    const listed = (vault.ask({ path: `/${list}` }).json.value as Json[]).map(({ id }) =>
      id?.split('/')[4]?.toUpperCase(),
    );
    const expected = [...states].filter(([, state]) => state === wanted).map(([key]) => key);
    assert.deepEqual(listed, expected.toSorted());
  }
}

it('any sequence of operations leaves what the model says', () => {
  const names = ['a', 'A', 'b', 'B-1', 'b-1'];
  const name = fc.constantFrom(...names);
  const tags = fc.option(
    fc.dictionary(fc.constantFrom('x', 'y'), fc.string({ maxLength: 3 }), { noNullPrototype: true }),
    { nil: undefined },
  );
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(name, fc.string(), fc.boolean(), tags).map((given) => setStep(...given)) },
    { weight: 2, arbitrary: fc.tuple(name, fc.nat(4), fc.boolean()).map((given) => updateStep(...given)) },
    { weight: 3, arbitrary: name.map(deleteStep) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(name, fc.constantFrom('recover' as const, 'purge' as const))
        .map((given) => endStep(...given)),
    },
    { weight: 2, arbitrary: name.map(backupStep) },
    { weight: 2, arbitrary: fc.nat(9).map(restoreStep) },
    { weight: 3, arbitrary: fc.constantFrom(1, lagMs / 2, lagMs, retentionMs / 2, retentionMs).map(waitStep) },
  );
  const property = fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
    const vault = createTestVault({ vault: { retentionDays: 7, deletionLagMs: lagMs, recoveryLagMs: lagMs } });
    const model: Model = { secrets: new Map(), blobs: [], nowMs: vault.clock.ms };
    for (const take of steps) {
      take(model, vault);
      compare(model, vault, names);
    }
  });
  fc.assert(property, { numRuns: 200, interruptAfterTimeLimit: 40_000 });
});
