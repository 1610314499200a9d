/** A command on a terminal of its own, as a person has it: python3's pty between, since Node makes none. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** Bytes are passed on both ways as they are; ends as the command ends, 128 + n where a signal ended it. */
const relay = `
import fcntl, os, pty, select, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 100, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
sources = [terminal, 0]
while terminal in sources:
    for source in select.select(sources, [], [])[0]:
        try:
            data = os.read(source, 65536)
        except OSError:
            data = b''
        if not data:
            sources.remove(source)
        while data and source == 0:
            data = data[os.write(terminal, data):]
        if data:
            os.write(1, data)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(status if status >= 0 else 128 - status)
`;

/** A reason to skip, for `it`'s options. */
export const noTerminal: string | false =
  process.platform === 'win32' ||
  spawnSync('python3', ['-c', 'import pty; import os; os.waitstatus_to_exitcode']).status !== 0
    ? 'needs python3, for a pseudo terminal'
    : false;

export class PseudoTerminal {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #shown = '';
  /** Up to where it was waited for already. */
  #seen = 0;
  #onShown: () => void = () => undefined;

  constructor(
    command: readonly string[],
    { folder, variables }: { readonly folder: string; readonly variables: Readonly<Record<string, string>> },
  ) {
    const { PATH = '' } = process.env;
    this.#child = spawn('python3', ['-c', relay, ...command], {
      cwd: folder,
      env: { PATH, TERM: 'xterm-256color', ...variables },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#shown += text;
      this.#onShown();
    });
    this.#exited = new Promise((resolve) => this.#child.once('close', resolve));
  }

  /** All that was ever on the screen, with what moves the cursor. */
  get shown(): string {
    return this.#shown;
  }

  /** Waits until this is shown, behind what was waited for before. */
  async sees(text: string, withinMs = 20_000): Promise<void> {
    const found = (): number => this.#shown.indexOf(text, this.#seen);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`not shown: ${text}\n--- but:\n${this.#shown.slice(this.#seen)}`)),
        withinMs,
      );
    });
    try {
      while (found() === -1)
        await Promise.race([new Promise<void>((resolve) => (this.#onShown = resolve)), late, this.#ended(text, found)]);
    } finally {
      clearTimeout(timer);
    }
    this.#seen = found() + text.length;
  }

  async #ended(text: string, found: () => number): Promise<void> {
    const status = await this.#exited;
    if (found() === -1) throw new Error(`ended with ${String(status)} and never showed: ${text}\n${this.#shown}`);
  }

  /** As it comes from the keyboard: nothing is added. */
  types(keys: string | Uint8Array): void {
    this.#child.stdin?.write(keys);
  }

  /** Waits for a question, and answers it. */
  async answers(question: string, text: string): Promise<void> {
    await this.sees(question);
    this.types(`${text}\r`);
  }

  exited(): Promise<number | null> {
    return this.#exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
