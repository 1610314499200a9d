/** What is sent as bytes: LIST, which Node's own HTTP server refuses, and requests in any number of packets. */
import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import type { EmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { HttpRequestParser } from '../../src/dev/http/http-request.ts';
import { ask, bodyOf } from './vault-client.ts';

let vault: EmbeddedVault;
before(async () => {
  vault = await createEmbeddedVault({ rootToken: 'root' });
  await ask(vault, { method: 'POST', path: 'secret/data/dir/a', body: { data: { a: 1 } } });
});
after(() => vault.close());

const head = 'Host: x\r\nX-Vault-Token: root\r\n';
const list = `LIST /v1/secret/metadata/dir HTTP/1.1\r\n${head}\r\n`;
const get = `GET /v1/secret/metadata/dir?list=true HTTP/1.1\r\n${head}\r\n`;

/** What is sent, as soon as so many answers have come. */
type Piece = string | Buffer | { readonly text: string; readonly afterAnswers: number };

/** Longer than a busy machine takes; only what goes wrong takes so long. */
const patienceMs = 10_000;

/**
 * Sends pieces one after the other, each in a packet of its own.
 * @returns what has come back once there are that many answers, or the server closes
 */
async function talk(pieces: readonly Piece[], answers: number, pauseMs = 2): Promise<string> {
  const socket = connect({ port: Number(new URL(vault.url).port), host: '127.0.0.1', noDelay: true });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let text = '';
  let heard = (): void => undefined;
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    heard();
  });
  const answered = async (count: number): Promise<void> => {
    const enough = new Promise<void>((resolve) => {
      heard = () => statuses(text).length >= count && resolve();
      heard();
    });
    await Promise.race([enough, closed, wait(patienceMs, undefined, { ref: false })]);
  };
  for (const piece of pieces) {
    const { text: sent, afterAnswers = 0 } = typeof piece === 'object' && 'text' in piece ? piece : { text: piece };
    await answered(afterAnswers);
    socket.write(sent);
    await wait(pauseMs);
  }
  await answered(answers);
  // One too many would come at once.
  await Promise.race([closed, wait(5)]);
  socket.destroy();
  return text;
}

function statuses(text: string): number[] {
  return [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
}

describe('LIST', () => {
  it('is answered as the first request', async () => {
    const text = await talk([list], 1);
    assert.deepEqual(statuses(text), [200]);
    assert.match(text, /"keys":\["a"\]/);
  });
  it('is answered wherever its head is split', async () => {
    const cuts = Array.from({ length: 24 }, (_, index) => Math.floor(((index + 1) * list.length) / 25));
    const texts = await Promise.all(cuts.map((cut) => talk([list.slice(0, cut), list.slice(cut)], 1)));
    assert.deepEqual(
      texts.map(statuses),
      cuts.map(() => [200]),
    );
  });
  it('is answered byte by byte', async () => assert.deepEqual(statuses(await talk(Array.from(list), 1, 0)), [200]));
  it('is answered on a connection that is kept, before and after others', async () => {
    assert.deepEqual(statuses(await talk([get, list, get, list], 4)), [200, 200, 200, 200]);
  });
  it('is answered when sent ahead, in order', async () => {
    const text = await talk([`${list}${get.replace('dir', 'none')}${list}`], 3);
    assert.deepEqual(statuses(text), [200, 404, 200]);
  });
  it('is one with GET ?list=true through an agent that keeps its connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const told = [];
    for (const asked of [
      { method: 'LIST', path: 'secret/metadata/dir' },
      { method: 'GET', path: 'secret/metadata/dir?list=true' },
      { method: 'LIST', path: 'secret/metadata/dir/' },
    ])
      told.push(bodyOf(await ask(vault, asked, agent))['data']);
    agent.destroy();
    assert.deepEqual(told, [{ keys: ['a'] }, { keys: ['a'] }, { keys: ['a'] }]);
  });
});

const body = '{"data":{"k":"v"}}';
const post = `POST /v1/secret/data/h HTTP/1.1\r\n${head}`;
const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`;

describe('requests', () => {
  const cases: readonly (readonly [string, readonly Piece[], readonly number[]])[] = [
    ['a body in pieces', [`${post}Content-Length: ${body.length}\r\n\r\n`, body.slice(0, 5), body.slice(5)], [200]],
    [
      'a chunked body',
      [`${chunked}5\r\n${body.slice(0, 5)}\r\n`, `d;x=y\r\n${body.slice(5)}\r\n0\r\n\r\n`, list],
      [200, 200],
    ],
    ['a chunk without its end', [`${chunked}5\r\n${body.slice(0, 5)}XX`], [400]],
    ['a chunk without a length', [`${chunked}zz\r\n`], [400]],
    [
      'Expect: 100-continue',
      [`${post}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`, { text: body, afterAnswers: 1 }],
      [100, 200],
    ],
    ['HTTP/1.0 closes', [get.replace('1.1', '1.0')], [200]],
    ['Connection: close', [get.replace(head, `${head}Connection: close\r\n`), get], [200]],
    ['Connection: close, and more sent ahead', [get.replace(head, `${head}Connection: close\r\n`) + get], [200]],
    ['two lengths', [`${post}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc`], [400]],
    [
      'a length and chunks',
      [get.replace(head, `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n`) + '0\r\n\r\n'],
      [400],
    ],
    ['another transfer encoding', [`${post}Transfer-Encoding: gzip\r\n\r\n`], [501]],
    ['a negative length', [`${post}Content-Length: -1\r\n\r\n`], [400]],
    ['no host', ['GET /v1/sys/health HTTP/1.1\r\n\r\n'], [400]],
    ['a folded header', [`GET /v1/sys/health HTTP/1.1\r\n${head} more\r\n\r\n`], [400]],
    ['a space before the colon', [`GET /v1/sys/health HTTP/1.1\r\nHost : x\r\n\r\n`], [400]],
    ['no HTTP at all', ['hello\r\n\r\n'], [400]],
    ['a body of over 32 MiB', [`${post}Content-Length: 33554433\r\n\r\n`], [413]],
    ['a method that is none', [`FOO /v1/secret/data/h HTTP/1.1\r\n${head}\r\n`], [405]],
    ['empty lines before a request', [`\r\n\r\n${get}`], [200]],
    ['HEAD has no body', [`HEAD /v1/sys/health HTTP/1.1\r\n${head}\r\n${get}`], [200, 200]],
    ['a path outside /v1/', [`GET /ui/ HTTP/1.1\r\n${head}\r\n`], [404]],
  ];
  for (const [name, pieces, expected] of cases)
    it(`${name}: ${expected.join(' ')}`, async () =>
      assert.deepEqual(statuses(await talk(pieces, expected.length)), expected));

  it('a large secret comes back whole', async () => {
    const large = { data: { text: 'é'.repeat(1_000_000) } };
    assert.equal((await ask(vault, { method: 'POST', path: 'secret/data/large', body: large })).status, 200);
    const { data } = bodyOf(await ask(vault, { method: 'GET', path: 'secret/data/large' })) as {
      data: { data: unknown };
    };
    assert.deepEqual(data.data, large.data);
  });

  it('are read the same however they are cut', () => {
    const bytes = Buffer.from(`${list}${chunked}5\r\n${body.slice(0, 5)}\r\nd\r\n${body.slice(5)}\r\n0\r\n\r\n${get}`);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (sizes) => {
        const parser = new HttpRequestParser();
        const seen: string[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          parser.push(bytes.subarray(at, at + size));
          at += size;
          for (let request = parser.next(); request !== undefined; request = parser.next())
            seen.push(`${request.method} ${request.target} ${request.body.toString()}`);
        }
        assert.deepEqual(seen, [
          'LIST /v1/secret/metadata/dir ',
          `POST /v1/secret/data/h ${body}`,
          'GET /v1/secret/metadata/dir?list=true ',
        ]);
      }),
      { seed: 20_261_124 },
    );
  });
});
