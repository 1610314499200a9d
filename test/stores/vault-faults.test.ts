import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canary, deleted, errors, failure, present, scriptVault } from './scripted-vault.ts';
import type { Answer } from './scripted-vault.ts';

type Case = {
  readonly title: string;
  readonly answer: Answer;
  readonly message: RegExp;
  readonly hint: RegExp;
  readonly retryable: boolean;
  /** How often it is asked with two retries. */
  readonly asked: number;
};

const cases: readonly Case[] = [
  {
    title: '403 for a token that Vault does not know',
    answer: errors(403, '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n'),
    message: /does not know the token/,
    hint: /vault login.*VAULT_TOKEN/,
    retryable: false,
    asked: 1,
  },
  {
    title: '404 of a mount that is not there',
    answer: errors(404, 'no handler for route "secret/data/a". route entry not found.'),
    message: /nothing is mounted at secret\//,
    hint: /vault secrets list/,
    retryable: false,
    asked: 1,
  },
  {
    title: '400 without a text',
    answer: { status: 400 },
    message: /malformed/,
    hint: /printed/,
    retryable: false,
    asked: 1,
  },
  {
    title: '400 of a mount that is not ready yet',
    answer: errors(
      400,
      'Upgrading from non-versioned to versioned data. This backend will be unavailable for a brief period.',
    ),
    message: /being made ready/,
    hint: /again/,
    retryable: true,
    asked: 3,
  },
  { title: '405', answer: errors(405), message: /does not support/, hint: /KV v2/, retryable: false, asked: 1 },
  { title: '412', answer: errors(412), message: /not caught up/, hint: /again/, retryable: true, asked: 3 },
  {
    title: '429 of a quota',
    answer: errors(429, 'request path "secret/data/a": rate limit quota exceeded'),
    message: /slow down/,
    hint: /quota/,
    retryable: true,
    asked: 3,
  },
  {
    title: '429 that asks for more patience than anybody has',
    answer: { ...errors(429), headers: { 'Retry-After': '3600' } },
    message: /slow down/,
    hint: /later/,
    retryable: true,
    asked: 1,
  },
  { title: '472', answer: errors(472), message: /disaster recovery/, hint: /primary/, retryable: false, asked: 1 },
  { title: '473', answer: errors(473), message: /performance standby/, hint: /active/, retryable: true, asked: 1 },
  {
    title: '500',
    answer: errors(500, canary),
    message: /Vault failed \(500\)/,
    hint: /log/,
    retryable: true,
    asked: 3,
  },
  { title: '501', answer: errors(501), message: /not initialised/, hint: /operator init/, retryable: false, asked: 1 },
  { title: '502', answer: errors(502), message: /Vault failed \(502\)/, hint: /log/, retryable: true, asked: 3 },
  {
    title: '503 of a sealed Vault',
    answer: errors(503, 'Vault is sealed'),
    message: /sealed/,
    hint: /vault operator unseal/,
    retryable: true,
    asked: 1,
  },
  {
    title: '503 of something else',
    answer: { status: 503, body: '<html>' },
    message: /not available/,
    hint: /status/,
    retryable: true,
    asked: 3,
  },
  { title: '418', answer: { status: 418 }, message: /status 418/, hint: /VAULT_ADDR/, retryable: false, asked: 1 },
  {
    title: 'a connection that is cut before the answer',
    answer: { cut: 'at once' },
    message: /closed the connection/,
    hint: /again/,
    retryable: true,
    asked: 3,
  },
  {
    title: 'a connection that is cut in mid-body',
    answer: { body: present(1, { a: canary }), cut: 'in the body' },
    message: /closed the connection/,
    hint: /again/,
    retryable: true,
    asked: 3,
  },
  {
    title: 'a peer that says nothing',
    answer: { hang: 'at once' },
    message: /did not answer within 200 ms/,
    hint: /vault status/,
    retryable: true,
    asked: 3,
  },
  {
    title: 'a body that never ends',
    answer: { body: present(1, { a: canary }), hang: 'in the body' },
    message: /did not answer within 200 ms/,
    hint: /vault status/,
    retryable: true,
    asked: 3,
  },
  {
    title: 'invalid UTF-8',
    answer: {
      body: Buffer.concat([Buffer.from(`{"data":{"data":{"a":"${canary}`), Buffer.from([0xff]), Buffer.from('"}}}')]),
    },
    message: /not valid UTF-8/,
    hint: /VAULT_ADDR/,
    retryable: false,
    asked: 1,
  },
  ...[
    '<html>example-canary</html>',
    '',
    '[]',
    '{"data":{"a":"example-canary"}}',
    '{"data":null}',
    '{"data":{"data":{}}',
  ].map((body): Case => ({
    title: `an answer that is not Vault's: ${body}`,
    answer: { body },
    message: /its answer (is not JSON|has no version)/,
    hint: /VAULT_ADDR/,
    retryable: false,
    asked: 1,
  })),
  {
    title: 'a version that was written without data',
    answer: { body: present(3, 'null') },
    message: /version 3 was written without data/,
    hint: /\{\}/,
    retryable: false,
    asked: 1,
  },
];

describe('what Vault answers to a read', () => {
  for (const { title, answer, message, hint, retryable, asked } of cases)
    it(title, async () => {
      await using vault = await scriptVault(({ line }) => (line === 'GET secret/data/a' ? answer : undefined));
      const error = await failure(vault.open({ timeoutMs: 200 }).read('a'));
      assert.match(error.message, message);
      assert.match(error.message, /^Vault http:\/\/127\.0\.0\.1:\d+: could not read "a": /);
      assert.match(error.hint, hint);
      assert.equal(error.retryable, retryable);
      assert.equal(vault.asked.length, asked);
    });

  const outcomes: readonly (readonly [title: string, answer: Answer, outcome: object])[] = [
    ['404 without a body: missing', errors(404), { kind: 'missing' }],
    ['404 with a body: deleted', deleted(4), { kind: 'deleted', version: '4' }],
    ['403: forbidden', errors(403, '1 error occurred:\n\t* permission denied\n\n'), { kind: 'forbidden' }],
  ];
  for (const [title, answer, outcome] of outcomes)
    it(title, async () => {
      await using vault = await scriptVault(({ line }) => (line.endsWith('/a') ? answer : undefined));
      assert.deepEqual(await vault.open().read('a'), outcome);
    });

  it('reads again after answers that say to', async () => {
    await using vault = await scriptVault(({ line }, count) =>
      line.includes('data/a')
        ? [errors(412), { body: present(1), cut: 'in the body' as const }, { body: present(1) }][count]
        : undefined,
    );
    assert.equal((await vault.open().read('a')).kind, 'present');
  });

  it('keeps digits, order and texts', async () => {
    const raw = '{"z":12345678901234567890.10,"a":"\\u003cb\\u003e\\u2028\\"\\\\","n":[1.50,{"y":1,"x":"\\u0026"}]}';
    await using vault = await scriptVault(({ line }) =>
      line.includes('data/a') ? { body: present(1, raw) } : undefined,
    );
    const read = await vault.open().read('a');
    assert.ok(read.kind === 'present');
    assert.equal(
      read.value.reveal(),
      '{"z":12345678901234567890.10,"a":"<b>\u2028\\"\\\\","n":[1.50,{"y":1,"x":"&"}]}',
    );
    assert.equal(read.metadata.createdAtMs, Date.UTC(2026, 0, 2, 3, 4, 5, 678));
  });
});
