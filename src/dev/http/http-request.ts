/**
 * HTTP/1.1 requests out of a stream of bytes (RFC 9112). Node's own parser refuses LIST, which is a method that Vault has and llhttp does
 * not know, before any handler sees it; and a head may come in any number of packets, so that what it refuses cannot be put together
 * afterwards either. This one takes every method, and refuses what could be understood in two ways.
 */
export type HttpRequest = {
  readonly method: string;
  /** As sent: with its query, still encoded. */
  readonly target: string;
  /** Names in lower case; values of a name that came twice are joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  readonly keepAlive: boolean;
};

/** @property status what to answer before the connection is closed */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const maxHeadBytes = 1_048_576;
/** Vault's max_request_size; more than Key Vault takes. */
const maxBodyBytes = 32 * 1024 * 1024;

type Head = Omit<HttpRequest, 'body'>;

export class HttpRequestParser {
  #rest: Buffer = Buffer.alloc(0);
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** How many bytes there must be before it is worth looking again: a long body that comes in pieces is put together once. */
  #wantedBytes = 0;
  #head: Head | undefined;
  #chunks: Buffer[] = [];
  #chunkBytes = 0;

  push(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  /** True once, when a client waits to be told that it may send its body (`Expect: 100-continue`, which curl does with large ones). */
  takeExpectation(): boolean {
    const expects = this.#head?.headers.get('expect')?.toLowerCase() === '100-continue' && this.#rest.length === 0;
    if (expects && this.#head !== undefined)
      this.#head = { ...this.#head, headers: new Map([...this.#head.headers].filter(([name]) => name !== 'expect')) };
    return expects;
  }

  /** @returns undefined until a whole request is there. @throws HttpError; the stream is lost after it */
  next(): HttpRequest | undefined {
    if (this.#rest.length + this.#waitingBytes < this.#wantedBytes) return undefined;
    if (this.#waiting.length > 0) {
      this.#rest =
        this.#rest.length === 0 && this.#waiting.length === 1
          ? (this.#waiting[0] ?? this.#rest)
          : Buffer.concat([this.#rest, ...this.#waiting]);
      this.#waiting = [];
      this.#waitingBytes = 0;
    }
    this.#head ??= this.#takeHead();
    const head = this.#head;
    if (head === undefined) return undefined;
    const body = this.#takeBody(head);
    if (body === undefined) return undefined;
    this.#head = undefined;
    this.#wantedBytes = 0;
    return { ...head, body };
  }

  #takeHead(): Head | undefined {
    // Empty lines before a request are skipped (RFC 9112, 2.2).
    while (this.#rest[0] === 0x0d && this.#rest[1] === 0x0a) this.#rest = this.#rest.subarray(2);
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end > maxHeadBytes || (end < 0 && this.#rest.length > maxHeadBytes))
      throw new HttpError(431, 'request head too large');
    if (end < 0) return undefined;
    const text = this.#rest.toString('latin1', 0, end);
    this.#rest = this.#rest.subarray(end + 4);
    return parseHead(text);
  }

  #takeBody({ headers }: Head): Buffer | undefined {
    if (headers.has('transfer-encoding')) return this.#takeChunks();
    const length = Number(headers.get('content-length') ?? 0);
    if (length > maxBodyBytes) throw new HttpError(413, 'http: request body too large');
    this.#wantedBytes = length;
    return this.#rest.length < length ? undefined : this.#take(length);
  }

  #takeChunks(): Buffer | undefined {
    for (;;) {
      this.#wantedBytes = 0;
      const lineEnd = this.#rest.indexOf('\r\n');
      if (lineEnd < 0) {
        if (this.#rest.length > 1024) throw new HttpError(400, 'malformed chunk');
        return undefined;
      }
      const [, size] = /^([0-9a-fA-F]{1,8})(?:[ \t]*;.*)?$/.exec(this.#rest.toString('latin1', 0, lineEnd)) ?? [];
      if (size === undefined) throw new HttpError(400, 'malformed chunk');
      const length = Number.parseInt(size, 16);
      if (this.#chunkBytes + length > maxBodyBytes) throw new HttpError(413, 'http: request body too large');
      // The last chunk is empty; trailers, of which Vault knows none, are not taken.
      const whole = lineEnd + 2 + length + 2;
      this.#wantedBytes = whole;
      if (this.#rest.length < whole) return undefined;
      if (this.#rest.toString('latin1', whole - 2, whole) !== '\r\n') throw new HttpError(400, 'malformed chunk');
      this.#take(lineEnd + 2);
      this.#chunks.push(this.#take(length));
      this.#chunkBytes += length;
      this.#take(2);
      if (length > 0) continue;
      const body = Buffer.concat(this.#chunks);
      this.#chunks = [];
      this.#chunkBytes = 0;
      return body;
    }
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }
}

function parseHead(text: string): Head {
  const [requestLine = '', ...lines] = text.split('\r\n');
  const [, method, target, minor] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([^\s]+) HTTP\/1\.([01])$/.exec(requestLine) ?? [];
  if (method === undefined || target === undefined) throw new HttpError(400, 'malformed request line');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined) throw new HttpError(400, 'malformed header');
    const key = name.toLowerCase();
    const before = headers.get(key);
    // Two lengths are two ends: a front server may have believed the other one (RFC 9112, 6.3).
    if (before !== undefined && key === 'content-length' && before !== value) throw new HttpError(400, 'two lengths');
    headers.set(key, before === undefined || key === 'content-length' ? value : `${before}, ${value}`);
  }
  const coding = headers.get('transfer-encoding')?.toLowerCase();
  if (coding !== undefined && coding !== 'chunked') throw new HttpError(501, 'unsupported transfer encoding');
  const length = headers.get('content-length');
  if (length !== undefined && (coding !== undefined || !/^\d{1,15}$/.test(length)))
    throw new HttpError(400, 'malformed length');
  if (minor === '1' && !headers.has('host')) throw new HttpError(400, 'missing required Host header');
  const connection = (headers.get('connection') ?? '').toLowerCase();
  const keepAlive = minor === '1' ? !connection.includes('close') : connection.includes('keep-alive');
  return { method, target, headers, keepAlive };
}
