/** Connections: one request after the other, answers in their order, over node:net (why: http-request.ts). */
import { STATUS_CODES } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { HttpError, HttpRequestParser } from './http-request.ts';
import type { HttpRequest } from './http-request.ts';
import { errorReply } from './reply.ts';
import type { Reply } from './reply.ts';

/** @property cut `drop`: close without an answer; `half`: send half of it, then close */
export type Answer = { readonly reply: Reply; readonly cut?: 'drop' | 'half' };

export type HttpServer = { readonly port: number; close(): Promise<void> };

/** @param handle must not throw */
export async function createHttpServer(
  host: string,
  port: number,
  handle: (request: HttpRequest) => Answer | Promise<Answer>,
): Promise<HttpServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that goes away in the middle is no error of ours.
    socket.on('error', () => socket.destroy());
    serve(socket, handle);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serve(socket: Socket, handle: (request: HttpRequest) => Answer | Promise<Answer>): void {
  const parser = new HttpRequestParser();
  let busy = false;

  const answer = (request: HttpRequest, { reply, cut }: Answer): void => {
    const text = renderReply(reply, request);
    if (cut === 'drop') socket.destroy();
    else if (cut === 'half') socket.write(text.slice(0, Math.ceil(text.length / 2)), () => socket.destroy());
    else if (request.keepAlive) socket.write(text);
    else socket.end(text);
  };

  /** Takes requests for as long as they can be answered at once: what a client sends ahead waits its turn. */
  const work = (): void => {
    while (!busy && !socket.destroyed && !socket.writableEnded) {
      const request = next();
      if (request === undefined) return;
      const result = handle(request);
      if (result instanceof Promise) {
        busy = true;
        // Nothing more is read meanwhile: what waits stays in the kernel.
        socket.pause();
        void result.then((later) => {
          busy = false;
          answer(request, later);
          socket.resume();
          work();
        });
      } else answer(request, result);
    }
  };

  const next = (): HttpRequest | undefined => {
    try {
      const request = parser.next();
      if (request === undefined && parser.takeExpectation()) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      return request;
    } catch (error) {
      const status = error instanceof HttpError ? error.status : 500;
      const message = error instanceof HttpError ? error.message : 'internal error';
      socket.end(renderReply(errorReply(status, message), { method: 'GET', keepAlive: false }));
      return undefined;
    }
  };

  socket.on('data', (bytes: Buffer) => {
    // After the last answer what still comes is read and thrown away, so that the answer is not lost with a reset.
    if (socket.writableEnded) return;
    parser.push(bytes);
    work();
  });
}

function renderReply(
  { status, body, headers = {} }: Reply,
  request: Pick<HttpRequest, 'method' | 'keepAlive'>,
): string {
  // Vault ends a body with a line break (json.Encoder), unless it is one that an engine wrote itself (a 404 that says something).
  const isWhole = status === 404 && body?.startsWith('{"request_id"') === true;
  const content = body === undefined ? '' : isWhole ? body : `${body}\n`;
  // A header that the answer itself gives takes the place of the usual one; an empty one takes it away.
  const shown = Object.entries({ 'Cache-Control': 'no-store', 'Content-Type': 'application/json', ...headers });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? `status code ${status}`}`,
    ...shown.filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`),
    `Date: ${httpDate()}`,
    ...(status === 204 || request.method === 'HEAD' ? [] : [`Content-Length: ${Buffer.byteLength(content)}`]),
    ...(request.keepAlive ? [] : ['Connection: close']),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${request.method === 'HEAD' ? '' : content}`;
}

let shownDate = { second: 0, text: '' };

function httpDate(): string {
  const second = Math.floor(Date.now() / 1000);
  if (shownDate.second !== second) shownDate = { second, text: new Date(second * 1000).toUTCString() };
  return shownDate.text;
}
