/**
 * The embedded Vault beside the real one: the same requests in the same order, and status, headers and bodies must be the same. The real
 * one's answers are recorded in vault-answers.json, so that every `npm test` compares with them; LOCKSTEP_VAULT_BINARY (the lab's 1.21.4)
 * compares with the server itself, and with LOCKSTEP_VAULT_RECORD=1 records them anew.
 *
 * Known differences, which no sequence here holds:
 * - What is wrong with malformed JSON is not told in Go's words, and a number or a value is never quoted in an error.
 * - Bodies over 2 KiB have a Content-Length, where Vault's are chunked.
 * - Times end at the millisecond.
 * - Audit devices of the type file are kept and listed; whether they could write is not looked at, and none writes.
 * - Not there: response wrapping (refused), batch tokens and token roles (refused), namespaces, identity/, cubbyhole/, leases, KV v1, rules by
 *   wrapping TTL, MFA or control group (such a policy is refused), templated paths (the rule grants nothing, as for a token without an
 *   entity).
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import type { EmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { ask, comparable } from './vault-client.ts';
import type { Ask, VaultAddress } from './vault-client.ts';
import { mountKv, startRealVault, vaultBinary } from './vault-real.ts';
import type { RealVault } from './vault-real.ts';
import * as kvMetadataSequences from './vault-sequences-kv-metadata.ts';
import * as kvSequences from './vault-sequences-kv.ts';
import * as otherSequences from './vault-sequences.ts';

const sequences = { ...kvSequences, ...kvMetadataSequences, ...otherSequences };
const answersFile = new URL('vault-answers.json', import.meta.url);
const recording = process.env['LOCKSTEP_VAULT_RECORD'] === '1';
type Answers = Record<string, string[]>;

describe('as the real Vault answered', () => {
  let ours: EmbeddedVault;
  let recorded: Answers;
  before(async () => {
    ours = await createEmbeddedVault();
    recorded = JSON.parse(await readFile(answersFile, 'utf8')) as Answers;
  });
  after(() => ours.close());

  for (const [name, sequence] of Object.entries(sequences))
    it(`${name}: ${sequence.length} requests`, async () => {
      if (name.startsWith('kv')) await remount(ours);
      assertSame(sequence, recorded[name] ?? [], await askAll(ours, sequence));
    });
});

describe('beside the real Vault', { skip: vaultBinary === undefined && 'LOCKSTEP_VAULT_BINARY is not set' }, () => {
  let real: RealVault;
  let ours: EmbeddedVault;
  const answers: Answers = {};
  before(async () => {
    [real, ours] = await Promise.all([startRealVault(vaultBinary ?? ''), createEmbeddedVault()]);
  });
  after(async () => {
    await Promise.all([real.stop(), ours.close()]);
    if (recording) await writeFile(answersFile, `${JSON.stringify(answers, undefined, 2)}\n`);
  });

  for (const [name, sequence] of Object.entries(sequences))
    it(name, async () => {
      if (name.startsWith('kv')) await Promise.all([remount(real), remount(ours)]);
      const [theirs, mine] = await Promise.all([askAll(real, sequence), askAll(ours, sequence)]);
      answers[name] = theirs;
      assertSame(sequence, theirs, mine);
    });

  it('sealed', async () => {
    const sequence = sealed(real.unsealKey);
    const theirs = await askAll(real, sequence);
    assertSame(sequence, theirs, await askAll(ours, sealed(ours.unsealKey)));
  });
});

function sealed(unsealKey: string): Ask[] {
  const reads = [
    'sys/seal-status',
    'sys/health',
    'sys/health?sealedcode=299',
    'sys/init',
    'secret/data/x',
    'sys/unknown',
  ];
  return [
    { method: 'POST', path: 'sys/seal' },
    ...reads.map((path) => ({ method: 'GET', path })),
    { method: 'LIST', path: 'secret/metadata' },
    { method: 'PUT', path: 'sys/unseal', body: { key: unsealKey } },
    { method: 'GET', path: 'auth/token/lookup-self' },
  ];
}

async function askAll(vault: VaultAddress, sequence: readonly Ask[]): Promise<string[]> {
  const answers: string[] = [];
  for (const asked of sequence) answers.push(comparable(await ask(vault, asked)));
  return answers;
}

function assertSame(sequence: readonly Ask[], theirs: readonly string[], mine: readonly string[]): void {
  const differences = sequence.flatMap(({ method, path, body }, index) =>
    theirs[index] === mine[index]
      ? []
      : [
          `#${index} ${method} ${path} ${JSON.stringify(body ?? '').slice(0, 100)}\n--- real\n${theirs[index] ?? ''}\n--- ours\n${mine[index] ?? ''}`,
        ],
  );
  assert.equal(differences.join('\n\n'), '');
}

async function remount(vault: VaultAddress): Promise<void> {
  await ask(vault, { method: 'DELETE', path: 'sys/mounts/secret' });
  await mountKv(vault, 'secret');
}
