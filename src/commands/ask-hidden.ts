/** Asks on a terminal for what must not be shown. */
import { StringDecoder } from 'node:string_decoder';
import { PlatformError } from '../model/problem.ts';
import { HiddenLine } from './hidden-line.ts';

/** A person pressed Ctrl-C, or the terminal is gone, while something was asked. Exit code 2. */
export class StoppedError extends PlatformError {
  constructor() {
    super('STOPPED', 'stopped', 'Nothing more was done.');
  }
}

/** What arrives so soon after Enter was not typed: it is the rest of a paste. */
const PASTE_GAP_MS = 120;
/** What was typed before the question was there is no answer to it. */
const TYPED_AHEAD_MS = 30;

const SEVERAL_LINES =
  'Several lines came at once, and this terminal does not say where a paste ends. None of it was taken.\n' +
  '  Give it from a file: --from-file <file>. Or paste one line.\n';
const NO_UTF8 = 'That was not UTF-8. None of it was taken.\n';

type Terminal = {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
  /** TERM=dumb, where sequences would be seen. */
  readonly isDumb: boolean;
};

/**
 * Nothing of the answer is shown, not even its length. A paste of several lines is taken as it is where the terminal marks it (bracketed paste);
 * elsewhere it is refused as a whole, for what is behind its first line would be taken for the next answer.
 *
 * @throws {StoppedError}
 */
export async function askHidden(question: string, { stdin, stderr, isDumb }: Terminal): Promise<string> {
  const [begin, end] = isDumb ? ['', ''] : ['\u001b[?2004h', '\u001b[?2004l'];
  const keys = new Keys(stdin);
  // Without an echo from before the question until after the last of its answer.
  stdin.setRawMode(true);
  try {
    await keys.quiet(TYPED_AHEAD_MS);
    for (;;) {
      stderr.write(`${begin}${question}`);
      const answer = await readLine(keys);
      stderr.write(`${end}\n`);
      if (answer === 'stopped') throw new StoppedError();
      if (typeof answer === 'object') return answer.text;
      stderr.write(answer === 'several lines' ? SEVERAL_LINES : NO_UTF8);
    }
  } finally {
    stdin.setRawMode(false);
    keys.close();
  }
}

async function readLine(keys: Keys): Promise<'stopped' | 'several lines' | 'not UTF-8' | { readonly text: string }> {
  const line = new HiddenLine();
  const decoder = new StringDecoder('utf8');
  for (;;) {
    const chunk = await keys.next();
    if (chunk === undefined) return 'stopped';
    const fed = line.feed(decoder.write(chunk));
    if (fed === 'stopped') return 'stopped';
    if (fed === 'more') continue;
    const more = await keys.quiet(PASTE_GAP_MS);
    if (more || fed.rest) return 'several lines';
    return line.text.includes('\uFFFD') ? 'not UTF-8' : { text: line.text };
  }
}

/** What a terminal sends, piece by piece. */
class Keys {
  readonly #stdin: NodeJS.ReadStream;
  readonly #chunks: Buffer[] = [];
  #isOver = false;
  #wake: () => void = () => undefined;

  readonly #onData = (chunk: Buffer): void => {
    this.#chunks.push(chunk);
    this.#wake();
  };
  readonly #onEnd = (): void => {
    this.#isOver = true;
    this.#wake();
  };

  constructor(stdin: NodeJS.ReadStream) {
    this.#stdin = stdin;
    stdin.on('data', this.#onData).once('end', this.#onEnd).once('error', this.#onEnd).resume();
  }

  /** Undefined where nothing will come any more. */
  async next(): Promise<Buffer | undefined> {
    while (this.#chunks.length === 0 && !this.#isOver)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#chunks.shift();
  }

  /** Drops all that comes until nothing comes for so long, but for Ctrl-C. @returns whether anything was dropped */
  async quiet(gapMs: number): Promise<boolean> {
    let dropped = false;
    do {
      if (this.#chunks.some((chunk) => chunk.length === 1 && chunk[0] === 3)) throw new StoppedError();
      dropped ||= this.#chunks.length > 0;
      this.#chunks.length = 0;
      await new Promise((resolve) => setTimeout(resolve, gapMs));
    } while (this.#chunks.length > 0);
    return dropped;
  }

  close(): void {
    this.#stdin.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onEnd).pause();
  }
}
