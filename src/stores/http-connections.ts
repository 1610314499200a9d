/**
 * HTTP to one origin over undici, which costs about half of what node:http does: connections that are kept, one deadline from the name look-up to
 * the last byte, whole answers in valid UTF-8. Each connection carries one request at a time, so that giving up a request ends its connection
 * and nothing else, whether it is used or still being made.
 */
import { isAscii } from 'node:buffer';
import type { Socket } from 'node:net';
import { buildConnector, Client } from 'undici';
import type { Dispatcher } from 'undici';
import type { StoreFault } from './store-fault.ts';

export type ExchangeRequest = {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** As it is sent, with the query. */
  readonly path: string;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
  readonly body: string | undefined;
};

/** @property headers with small letters */
export type ExchangeAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
};

/** What a store makes of what went wrong. @property reached whether the connection was there; before that nothing can have been sent */
export type ExchangeFaults = {
  readonly network: (code: string, reached: boolean) => StoreFault;
  readonly timeout: (timeoutMs: number, reached: boolean) => StoreFault;
  readonly tooLarge: () => StoreFault;
  readonly notUtf8: () => StoreFault;
};

export type ConnectionsOptions = {
  readonly tls: buildConnector.BuildOptions;
  readonly maxAnswerBytes: number;
  readonly faults: ExchangeFaults;
};

export type Connections = {
  /** @throws {StoreFault} where there was no whole answer; `signal.reason` where the caller gave up */
  send(request: ExchangeRequest, timeoutMs: number, signal: AbortSignal | undefined): Promise<ExchangeAnswer>;
  close(): void;
};

/** @param origin scheme, host and port */
export function createConnections(origin: string, options: ConnectionsOptions): Connections {
  // The deadline is the request's. One for all, because it keeps the TLS sessions.
  const connect = buildConnector({ ...options.tls, timeout: 0 });
  const all = new Set<Connection>();
  /** The last one first: the others may end. */
  const idle: Connection[] = [];

  return {
    send(request, timeoutMs, signal) {
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        let connection = idle.pop();
        if (connection === undefined) {
          connection = new Connection(origin, connect);
          all.add(connection);
        }
        const used = connection;
        const over = (isWhole: boolean): void => {
          if (isWhole && all.has(used)) idle.push(used);
          else {
            all.delete(used);
            used.destroy();
          }
        };
        new Exchange({ options, connection: used, timeoutMs, signal, over, resolve, reject }).start(request);
      });
    },

    close() {
      for (const connection of all) connection.destroy();
      all.clear();
      idle.length = 0;
    },
  };
}

/** It returns the socket, which its type does not tell. */
type Connect = (...args: Parameters<buildConnector.connector>) => unknown;

class Connection {
  readonly client: Client;
  /** undici tells a TLS alert after the handshake as the end of the connection, which follows it. */
  errorCode: string | undefined;
  #socket: Socket | undefined;

  constructor(origin: string, connect: Connect) {
    this.client = new Client(origin, {
      connect: (to, callback) => {
        this.errorCode = undefined;
        this.#socket = connect(to, callback) as Socket;
        this.#socket.once('error', (error: NodeJS.ErrnoException) => {
          this.errorCode = error.code;
        });
      },
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  destroy(): void {
    this.client.destroy(() => undefined);
    // The client waits for one that is being made.
    this.#socket?.destroy();
  }
}

type ExchangeOptions = {
  readonly options: ConnectionsOptions;
  readonly connection: Connection;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Called once. */
  readonly over: (isWhole: boolean) => void;
  readonly resolve: (answer: ExchangeAnswer) => void;
  readonly reject: (error: Error) => void;
};

/** What node:http calls it. undici's parser gives none (7.30.2 looks it up in a table that is the other way round): its text is only looked at. */
function codeOf({ name, message, code }: NodeJS.ErrnoException, ofSocket: string | undefined): string {
  if (name === 'HTTPParserError' && code === undefined) return message.includes('EOF') ? 'ECONNRESET' : 'HPE_INVALID';
  if (code === 'UND_ERR_SOCKET') return ofSocket?.startsWith('UND_ERR_') === false ? ofSocket : 'ECONNRESET';
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return 'ECONNRESET';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'HPE_HEADER_OVERFLOW';
  return code === undefined || (code.startsWith('UND_ERR_') && code !== unsendable) ? 'cut off' : code;
}

const unsendable = 'UND_ERR_INVALID_ARG';
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @returns undefined where it is not valid UTF-8 */
export function decodeAnswer(chunks: readonly Buffer[]): string | undefined {
  const [first] = chunks;
  const bytes = first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
  // As nearly all answers are.
  if (isAscii(bytes)) return bytes.toString('latin1');
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #timer: NodeJS.Timeout;
  #isOver = false;
  #isReached = false;
  #status = 0;
  #headers: ExchangeAnswer['headers'] = {};
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#timer = setTimeout(this.#late, options.timeoutMs);
    options.signal?.addEventListener('abort', this.#giveUp, { once: true });
  }

  start(request: ExchangeRequest): void {
    const { method, path, headers, body = null } = request;
    // It reads them only.
    this.#options.connection.client.dispatch({ method, path, headers: headers as string[], body }, this);
  }

  onRequestStart(): void {
    this.#isReached = true;
  }

  onResponseStart(_controller: unknown, status: number, headers: ExchangeAnswer['headers']): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#size += chunk.length;
    if (this.#size <= this.#options.options.maxAnswerBytes) this.#chunks.push(chunk);
    else this.#fail(this.#options.options.faults.tooLarge());
  }

  /** Not of an answer that is cut off: that is an error. */
  onResponseEnd(): void {
    if (!this.#end(true)) return;
    const { options, resolve, reject } = this.#options;
    const text = decodeAnswer(this.#chunks);
    if (text === undefined) reject(options.faults.notUtf8());
    else resolve({ status: this.#status, headers: this.#headers, text });
  }

  onResponseError(_controller: unknown, error: NodeJS.ErrnoException): void {
    const code = codeOf(error, this.#options.connection.errorCode);
    // Such as a line break in a token: it is quoted nowhere.
    if (code === unsendable) this.#fail(new Error('the request holds what HTTP cannot carry'));
    else this.#fail(this.#options.options.faults.network(code, this.#isReached));
  }

  readonly #late = (): void => {
    const { options, timeoutMs } = this.#options;
    this.#fail(options.faults.timeout(timeoutMs, this.#isReached));
  };

  readonly #giveUp = (): void => this.#fail(this.#options.signal?.reason as Error);

  #fail(error: Error): void {
    if (this.#end(false)) this.#options.reject(error);
  }

  #end(isWhole: boolean): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    clearTimeout(this.#timer);
    const { signal, over } = this.#options;
    signal?.removeEventListener('abort', this.#giveUp);
    over(isWhole);
    return true;
  }
}
