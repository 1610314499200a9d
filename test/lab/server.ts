/** One server of a lab: a process under the supervisor, its log in a file, ready by a condition of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from './needs.ts';

export type ServerSettings = {
  readonly name: string;
  readonly command: readonly string[];
  /** The whole environment: nothing of the caller's is passed on. */
  readonly variables: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly logFile: string;
  /** Options of the supervisor: what the server sees in place of the machine's files. */
  readonly view?: readonly string[];
  /** Throws or gives false for as long as the server cannot be used. */
  readonly ready: () => Promise<boolean>;
  readonly deadlineMs?: number;
  /** A server that takes its time to say goodbye and has nothing to lose is killed after this. */
  readonly graceMs?: number;
};

const pollMs = 50;
const tailLines = 15;

export class LabServer {
  readonly #supervisor: string;
  readonly settings: ServerSettings;
  #process: ChildProcess | undefined;
  #exited: Promise<string> | undefined;

  constructor(supervisor: string, settings: ServerSettings) {
    this.#supervisor = supervisor;
    this.settings = settings;
  }

  get name(): string {
    return this.settings.name;
  }

  /** Of its supervisor; undefined while it does not run. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    const { name, command, variables, folder, logFile, view = [], graceMs = 3000 } = this.settings;
    if (this.#process !== undefined) throw new Error(`${name} runs already`);
    const log = openSync(logFile, 'a', 0o600);
    // `lifeline` is the fourth stream: Node holds its other end, and the kernel closes that when Node ends, however it ends.
    const child = spawn(this.#supervisor, ['-lifeline', '3', '-grace', `${graceMs}ms`, ...view, '--', ...command], {
      cwd: folder,
      env: { ...variables },
      // In a session of its own, Ctrl-C reaches the lab only, which then stops its servers in order.
      detached: true,
      stdio: ['ignore', log, log, 'pipe'],
    });
    closeSync(log);
    this.#process = child;
    this.#exited = new Promise((resolve) => {
      const ended = (how: string): void => {
        this.#process = undefined;
        resolve(how);
      };
      child.once('error', (error) => ended(error.message));
      child.once('exit', (status, signal) => ended(signal ?? `status ${status ?? '?'}`));
    });
    await this.#untilReady();
  }

  async #untilReady(): Promise<void> {
    const { name, ready, deadlineMs = 60_000 } = this.settings;
    const deadline = performance.now() + deadlineMs;
    let last: unknown;
    let ended: string | undefined;
    void this.#exited?.then((how) => (ended = how));
    while (performance.now() < deadline) {
      if (ended !== undefined) throw this.#failure(`${name} ended with ${ended} instead of becoming ready`);
      try {
        if (await ready()) return;
      } catch (error) {
        last = error;
      }
      await wait(pollMs);
    }
    await this.stop();
    const reason = last instanceof Error ? `: ${last.message}` : '';
    throw this.#failure(`${name} was not ready within ${deadlineMs / 1000} s${reason}`);
  }

  #failure(message: string): LabError {
    return new LabError(`${message}\n  the end of ${this.settings.logFile}:\n    ${this.tail().join('\n    ')}`);
  }

  tail(lines = tailLines): string[] {
    return readFileSync(this.settings.logFile, 'utf8').trimEnd().split('\n').slice(-lines);
  }

  /** Ends it and everything that it started; at most `graceMs` later it is gone. */
  async stop(): Promise<void> {
    this.#process?.kill('SIGTERM');
    await this.#exited;
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    // The kernel kills the server with its supervisor.
    this.#process?.kill('SIGKILL');
    await this.#exited;
  }
}
