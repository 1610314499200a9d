/** What each operation costs: the requests that a migration makes for every secret, counted by the servers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { SecretStore, Version } from '../../src/stores/contract.ts';
import { openEmbeddedKeyVault, openEmbeddedVault } from './embedded-stores.ts';
import type { EmbeddedStore } from './embedded-stores.ts';

type Steps = Readonly<Record<string, readonly string[]>>;

/** A secret's life, with the requests of each step. Versions of Key Vault are `<id>`. */
async function trace({ store, requestsOf }: EmbeddedStore<unknown>): Promise<Steps> {
  const steps: Record<string, readonly string[]> = {};
  let newest: Version | 'absent' = 'absent';
  const write = async (text: string, tags: Readonly<Record<string, string>> = {}): Promise<void> => {
    const outcome = await writing(store, newest, text, tags);
    assert.ok(outcome.kind === 'written');
    newest = outcome.version;
  };
  const step = async (title: string, run: (version: Version) => Promise<unknown>): Promise<void> => {
    const requests = await requestsOf(() => run(newest as Version));
    steps[title] = requests.map((one) => one.replaceAll(/[0-9a-f]{32}/g, '<id>'));
  };
  await step('read what is missing', () => store.read('a'));
  await step('list the versions of what is missing', () => store.versions('a'));
  await step('write what is missing', () => write('{"a":1}'));
  await step('read', () => store.read('a'));
  await step('read a version', (version) => store.read('a', { version }));
  await step('list versions', () => store.versions('a'));
  await step('write over it', () => write('{"a":2}'));
  await step('write with tags', () => write('{"a":3}', { owner: 'example' }));
  await step('write with the same tags', () => write('{"a":4}', { owner: 'example' }));
  await step('a conflict', () => writing(store, 'absent', '{}', {}));
  await step('delete', (version) => store.delete('a', { expected: version }));
  await step('read what is deleted', () => store.read('a'));
  await step('list the versions of what is deleted', () => store.versions('a'));
  await step('write absent over what is deleted', () => writing(store, 'absent', '{}', {}));
  await step('recover', () => store.recover('a'));
  return steps;
}

function writing(
  store: SecretStore,
  expected: Version | 'absent',
  text: string,
  tags: Readonly<Record<string, string>>,
): ReturnType<SecretStore['write']> {
  return store.write('a', new SecretValue(text), { expected, metadata: { tags } });
}

describe('requests', () => {
  it('to Vault: one for a read or a write', async () => {
    await using wire = await openEmbeddedVault();
    assert.deepEqual(await trace(wire), {
      'read what is missing': ['GET secret/data/a 404'],
      'list the versions of what is missing': ['GET secret/metadata/a 404'],
      'write what is missing': ['POST secret/data/a 200'],
      read: ['GET secret/data/a 200'],
      'read a version': ['GET secret/data/a 200'],
      'list versions': ['GET secret/metadata/a 200'],
      'write over it': ['POST secret/data/a 200'],
      'write with tags': ['POST secret/data/a 200', 'POST secret/metadata/a 204'],
      'write with the same tags': ['POST secret/data/a 200'],
      'a conflict': ['POST secret/data/a 400', 'GET secret/data/a 200'],
      delete: ['GET secret/metadata/a 200', 'POST secret/delete/a 204'],
      'read what is deleted': ['GET secret/data/a 404'],
      'list the versions of what is deleted': ['GET secret/metadata/a 200'],
      'write absent over what is deleted': ['POST secret/data/a 400', 'GET secret/data/a 404'],
      recover: ['GET secret/metadata/a 200', 'POST secret/undelete/a 204'],
    });
  });

  it('to Key Vault: one for a read, two for a write, and one more where it must be told whether it is deleted', async () => {
    await using wire = await openEmbeddedKeyVault();
    const [secret, deleted] = ['kv-wire/secrets/a', 'kv-wire/deletedsecrets/a'];
    assert.deepEqual(await trace(wire), {
      'read what is missing': [`GET ${secret} 404`, `GET ${deleted} 404`],
      'list the versions of what is missing': [`GET ${secret}/versions 200`, `GET ${deleted} 404`],
      'write what is missing': [`GET ${secret} 404`, `PUT ${secret} 200`],
      read: [`GET ${secret} 200`],
      'read a version': [`GET ${secret}/<id> 200`],
      'list versions': [`GET ${secret}/versions 200`],
      'write over it': [`GET ${secret} 200`, `PUT ${secret} 200`],
      'write with tags': [`GET ${secret} 200`, `PUT ${secret} 200`],
      'write with the same tags': [`GET ${secret} 200`, `PUT ${secret} 200`],
      'a conflict': [`GET ${secret} 200`],
      delete: [`GET ${secret} 200`, `DELETE ${secret} 200`, `GET ${deleted} 200`],
      'read what is deleted': [`GET ${secret} 404`, `GET ${deleted} 200`],
      'list the versions of what is deleted': [`GET ${secret}/versions 200`, `GET ${deleted} 200`],
      'write absent over what is deleted': [`GET ${secret} 404`, `PUT ${secret} 409`, `GET ${deleted} 200`],
      recover: [`GET ${deleted} 200`, `POST ${deleted}/recover 200`, `GET ${secret} 200`],
    });
  });
});
