/** What comes of whatever a server does to a connection: everything is told by code and by whether the connection was there. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { describe, it } from 'node:test';
import { createConnections } from '../../src/stores/http-connections.ts';
import type { Connections } from '../../src/stores/http-connections.ts';
import { StoreFault } from '../../src/stores/store-fault.ts';

const fault = (because: string): StoreFault =>
  new StoreFault({ because, hint: '', retryable: false, effect: 'none', worthRepeating: false });
const faults = {
  network: (code: string, reached: boolean) => fault(`${code}, ${reached ? 'reached' : 'not reached'}`),
  timeout: (ms: number, reached: boolean) => fault(`${ms} ms, ${reached ? 'reached' : 'not reached'}`),
  tooLarge: () => fault('too large'),
  notUtf8: () => fault('not UTF-8'),
};
const get = { method: 'GET', path: '/', headers: [], body: undefined } as const;
const head = 'HTTP/1.1 200 OK\r\n';
const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;

describe('what a server answers', () => {
  const close = (socket: Socket): unknown => socket.end();
  const keep = (): unknown => undefined;
  const reset = (socket: Socket): unknown => setTimeout(() => socket.resetAndDestroy(), 20);
  for (const [title, answer, then, expected] of [
    ['whole', `${head}Content-Length: 2\r\n\r\nhi`, keep, '200 hi'],
    ['until the connection ends', `${head}\r\nhi`, close, '200 hi'],
    ['after early hints', `HTTP/1.1 103 Early Hints\r\n\r\n${head}Content-Length: 2\r\n\r\nhi`, keep, '200 hi'],
    ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', keep, '204 '],
    ['less than it said', `${head}Content-Length: 9\r\n\r\nhi`, close, 'ECONNRESET, reached'],
    [
      'less than it said, and closes',
      `${head}Connection: close\r\nContent-Length: 9\r\n\r\nhi`,
      close,
      'ECONNRESET, reached',
    ],
    ['half a chunk', `${chunked}5\r\nhi`, close, 'ECONNRESET, reached'],
    ['no chunk', `${chunked}zz\r\nhi`, keep, 'HPE_INVALID, reached'],
    ['half, and resets', `${head}Content-Length: 9\r\n\r\nhi`, reset, 'ECONNRESET, reached'],
    ['nothing', '', close, 'ECONNRESET, reached'],
    ['half a head', `${head}Conte`, close, 'ECONNRESET, reached'],
    ['no HTTP', 'example-canary\r\n\r\n', keep, 'HPE_INVALID, reached'],
    ['a head without an end', `${head}A: ${'x'.repeat(20_000)}\r\n\r\n`, keep, 'HPE_HEADER_OVERFLOW, reached'],
    ['too much', `${head}Content-Length: 2000\r\n\r\n${'x'.repeat(2000)}`, keep, 'too large'],
    ['other bytes', Buffer.from(`${head}Content-Length: 1\r\n\r\n\xff`, 'latin1'), keep, 'not UTF-8'],
    ['too late', '', keep, '300 ms, reached'],
    ['the rest too late', `${head}Content-Length: 9\r\n\r\nhi`, keep, '300 ms, reached'],
  ] as const)
    it(title, async () => {
      await using server = await serve((socket) => {
        socket.write(answer);
        then(socket);
      });
      assert.equal(await outcome(server.connections.send(get, 300, undefined)), expected);
    });
});

describe('a connection', () => {
  const whole = (socket: Socket): unknown => socket.write(`${head}Content-Length: 2\r\n\r\nhi`);

  it('is kept, one for each request that is under way', async () => {
    await using server = await serve(whole);
    const send = (): Promise<string> => outcome(server.connections.send(get, 5000, undefined));
    await Promise.all([send(), send(), send()]);
    assert.deepEqual(await Promise.all([send(), send(), send()]), ['200 hi', '200 hi', '200 hi']);
    assert.equal(server.accepted.length, 3);
  });

  it('that the server has closed is made anew', async () => {
    await using server = await serve(whole);
    assert.equal(await outcome(server.connections.send(get, 5000, undefined)), '200 hi');
    server.accepted[0]?.end();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await outcome(server.connections.send(get, 5000, undefined)), '200 hi');
    assert.equal(server.accepted.length, 2);
  });

  it('ends with the request that is given up, with the reason of the caller, and no other does', async () => {
    let count = 0;
    await using server = await serve((socket) => (count++ === 0 ? undefined : whole(socket)));
    const stop = new AbortController();
    const waiting = outcome(server.connections.send(get, 5000, stop.signal));
    while (count === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(await outcome(server.connections.send(get, 5000, undefined)), '200 hi');
    stop.abort(new Error('mine'));
    assert.equal(await waiting, 'mine');
    await once(server.accepted[0] as Socket, 'close');
    assert.equal(server.accepted[1]?.destroyed, false);
    assert.equal(await outcome(server.connections.send(get, 5000, AbortSignal.abort(new Error('early')))), 'early');
  });

  it('that is still being made ends with its request, which has not reached anything', async () => {
    await using server = await serve(keepSilent, 'https');
    assert.equal(await outcome(server.connections.send(get, 50, undefined)), '50 ms, not reached');
    await once(server.accepted[0] as Socket, 'close');
  });

  it('carries no header with a line break, and quotes none', async () => {
    await using server = await serve(whole);
    const headers = ['X-Token', 'example-canary\nX: y'];
    const told = await outcome(server.connections.send({ ...get, headers }, 5000, undefined));
    assert.equal(told, 'the request holds what HTTP cannot carry');
  });
});

function keepSilent(): undefined {
  return undefined;
}

async function outcome(answer: ReturnType<Connections['send']>): Promise<string> {
  try {
    const { status, text } = await answer;
    return `${status} ${text}`;
  } catch (error) {
    return (error as Error).message;
  }
}

type Serving = AsyncDisposable & { readonly connections: Connections; readonly accepted: readonly Socket[] };

/** @param play called for each request */
async function serve(play: (socket: Socket) => unknown, scheme = 'http'): Promise<Serving> {
  const accepted: Socket[] = [];
  const server: Server = createServer((socket) => {
    accepted.push(socket);
    socket.on('error', () => undefined).on('data', () => play(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connections = createConnections(origin, { tls: {}, maxAnswerBytes: 1000, faults });
  return {
    connections,
    accepted,
    async [Symbol.asyncDispose]() {
      connections.close();
      for (const socket of accepted) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
