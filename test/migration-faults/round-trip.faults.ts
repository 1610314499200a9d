/** 5,000 secrets from Vault to Key Vault and back: what Vault holds afterwards is what it held before. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Run } from '../fixtures/repository.ts';
import { Arena } from './arena.ts';
import type { CatalogSecret } from './catalog.ts';
import { isSameFields, marker } from './hostile-values.ts';
import type { Fields } from './hostile-values.ts';
import { largeFields, largeTags } from './large-values.ts';
import { createRandom, seed } from './random.ts';
import { isGood, readDocument } from './told.ts';

const SECRETS = 5000;

type Kept = { readonly fields: Fields; readonly tags: Readonly<Record<string, string>> };

describe(`${SECRETS} secrets from Vault to Key Vault and back (LOCKSTEP_SEED=${seed})`, () => {
  it('come back as they were, fields and custom metadata', async (test) => {
    const random = createRandom(3000);
    await using arena = await Arena.open(SECRETS, random);
    arena.variables = Arena.scaledLimits;
    const { vault, 'key-vault': keyVault } = arena.inside;
    const kept = new Map<CatalogSecret, Kept>(
      arena.secrets.map((secret) => [secret, { fields: largeFields(secret, random), tags: largeTags(random) }]),
    );
    for (const [secret, { fields, tags }] of kept) vault.write(secret, fields, tags);

    const carry = async (to: 'azure' | 'vault'): Promise<void> => {
      const run = await arena.run(`migrate-secrets-to-${to}`, '--yes', '--include-undeclared', '--output', 'json');
      assert.deepEqual(openOf(run), []);
      assert.equal(run.status, 0, run.stdout.slice(0, 2000));
    };
    const verify = async (): Promise<void> => {
      const run = await arena.run('verify-secrets', '--output', 'json');
      assert.deepEqual(openOf(run), []);
      assert.equal(run.status, 0, run.stdout.slice(0, 2000));
    };

    await carry('azure');
    for (const [secret, { fields }] of kept) {
      const versions = keyVault.versions(secret);
      assert.equal(versions.length, 1);
      assert.ok(isSameFields(versions[0]?.fields ?? {}, fields), `${secret.name} was altered on the way there`);
    }
    await verify();

    for (const secret of arena.secrets) vault.remove(secret);
    await carry('vault');
    let tagCount = 0;
    for (const [secret, before] of kept) {
      const versions = vault.versions(secret);
      assert.equal(versions.length, 1);
      assert.ok(isSameFields(versions[0]?.fields ?? {}, before.fields), `${secret.name} was altered on the way back`);
      const tags = Object.entries(vault.tags(secret)).filter(([name]) => !name.startsWith('lockstep-'));
      assert.deepEqual(Object.fromEntries(tags), before.tags, `tags of ${secret.name}`);
      tagCount += tags.length;
    }
    await verify();

    const texts = [...kept.values()].flatMap(({ fields }) => Object.values(fields));
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    test.diagnostic(`${texts.length} texts, ${bytes} bytes, ${tagCount} tags`);
  });
});

/** What is not said to be there; and a look at whether anything was shown. */
function openOf({ stdout, stderr }: Run): readonly string[] {
  assert.ok(!(stdout + stderr).includes(marker), 'a value was printed');
  return readDocument(stdout)
    .secrets.filter((one) => !isGood(one))
    .map(({ name, action, outcome, because }) => `${name}: ${action} ${outcome} ${because}`);
}
