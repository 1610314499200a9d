/**
 * Asks a store one thing at a time until it has answered once, and gives up where it does not: without a way in, ten thousand questions would
 * be ten thousand sign-ins. What goes wrong is an answer, `unknown`, and is kept for the report.
 */
import type { ProviderAnswer, ProviderRequest } from '../eso/provider.ts';
import { PlatformError } from '../model/problem.ts';
import type { ProviderReader } from './drive-predictions.ts';
import type { NotRead } from './preflight-result.ts';

/** So many in a row that say the same. */
const patience = 2;

export class CarefulReader {
  readonly #read: ProviderReader;
  readonly #name: string;
  #answered = false;
  #failures = 0;
  #notRead: NotRead | undefined;
  /** The question before: the next one waits for it, as long as nothing was answered. */
  #before: Promise<unknown> = Promise.resolve();
  reads = 0;

  /** @param read throws PlatformError `STORE` where the store could not do it. @param name of the store, for people */
  constructor(name: string, read: ProviderReader) {
    this.#name = name;
    this.#read = read;
  }

  /** Why nothing could be read; undefined where something was, or nothing was asked. */
  get notRead(): NotRead | undefined {
    return this.#answered ? undefined : this.#notRead;
  }

  async read(request: ProviderRequest): Promise<ProviderAnswer> {
    if (this.#answered) return this.#ask(request);
    const asked = this.#before.then(() =>
      !this.#answered && this.#failures >= patience ? this.#unread() : this.#ask(request),
    );
    this.#before = asked.catch(() => undefined);
    return asked;
  }

  async #ask(request: ProviderRequest): Promise<ProviderAnswer> {
    this.reads += 1;
    try {
      const answer = await this.#read(request);
      // What is refused before the store is asked says nothing about it.
      if (answer.kind !== 'unknown') this.#answered = true;
      return answer;
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'STORE') throw error;
      const because = withoutName(error.message);
      // A listing has no outcome for it.
      if (because === 'it is not allowed') return { kind: 'forbidden-to-us' };
      this.#failures = this.#notRead?.because === because ? this.#failures + 1 : 1;
      this.#notRead = { because, hint: error.hint, mendable: true };
      return { kind: 'unknown', because: error.message };
    }
  }

  #unread(): ProviderAnswer {
    return { kind: 'unknown', because: `${this.#name} was not read: ${this.#notRead?.because ?? ''}` };
  }
}

/** `Vault http://localhost:8200: could not read "team/app": nothing listens` → `nothing listens` */
function withoutName(message: string): string {
  return /: could not [a-z ]+(?: "[^"]*")?: (.*)$/s.exec(message)?.[1] ?? message;
}
