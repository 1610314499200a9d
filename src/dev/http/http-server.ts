/** Connections: one request after the other, answers in their order, over node:net (why: http-request.ts). */
import { STATUS_CODES } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsOptions } from 'node:tls';
import { HttpError, HttpRequestParser } from './http-request.ts';
import type { HttpRequest } from './http-request.ts';

/** What is sent, to the byte; the date, the length and the end of the connection are added. */
export type HttpReply = {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** @property cut `drop`: close without an answer; `half`: send half of it, then close */
export type HttpAnswer = { readonly reply: HttpReply; readonly cut?: 'drop' | 'half' };

/**
 * @property port 0: any that is free
 * @property tls without it the server speaks HTTP in the clear
 * @property handle must not throw
 * @property refuse the answer to what is no request (400, 413, 431, 501), in the server's own form
 */
export type HttpServerOptions = {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsOptions;
  readonly handle: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;
  readonly refuse: (status: number, message: string) => HttpReply;
};

export type HttpServer = { readonly port: number; close(): Promise<void> };

/** @throws Error where the port is taken */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, tls } = options;
  const sockets = new Set<Socket>();
  const connected = (socket: Socket): void => {
    // A client that goes away in the middle is no error of ours.
    socket.on('error', () => socket.destroy());
    serve(socket, options);
  };
  const server: Server =
    tls === undefined
      ? createServer({ noDelay: true }, connected)
      : createTlsServer({ noDelay: true, ...tls }, connected).on('tlsClientError', (_error, socket) =>
          socket.destroy(),
        );
  // Those too that are still in their handshake, or never begin it: closing waits for every connection.
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
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

type Rendered = Pick<HttpRequest, 'method' | 'keepAlive'>;

function serve(socket: Socket, { handle, refuse }: HttpServerOptions): void {
  const parser = new HttpRequestParser();
  let busy = false;

  const answer = (request: HttpRequest, { reply, cut }: HttpAnswer): void => {
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
      socket.end(renderReply(refuse(status, message), { method: 'GET', keepAlive: false }));
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

function renderReply({ status, body = '', headers = {} }: HttpReply, request: Rendered): string {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? `status code ${status}`}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Date: ${httpDate()}`,
    ...(status === 204 || request.method === 'HEAD' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ...(request.keepAlive ? [] : ['Connection: close']),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${request.method === 'HEAD' ? '' : body}`;
}

let shownDate = { second: 0, text: '' };

function httpDate(): string {
  const second = Math.floor(Date.now() / 1000);
  if (shownDate.second !== second) shownDate = { second, text: new Date(second * 1000).toUTCString() };
  return shownDate.text;
}
