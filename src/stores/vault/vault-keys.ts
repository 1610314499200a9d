/** The requests of KV v2 for one key, each answer read into a union. */
import type { VersionsOutcome } from '../contract.ts';
import type { DataAnswer, KeyAnswer, VersionFacts } from './vault-answers.ts';
import { hasData, parseData, parseKey, parseVersions } from './vault-answers.ts';
import type { VaultAnswer, VaultClient } from './vault-client.ts';
import { doubtful, finalFault, nonsense, VaultFault } from './vault-fault.ts';
import { isNoMount, noMount } from './vault-mount.ts';
import { encodePath } from './vault-path.ts';
import { versionOf } from './vault-version.ts';

export type DataFound =
  | {
      readonly kind: 'present';
      readonly raw: string;
      readonly version: VersionFacts;
      readonly tags: DataAnswer['tags'];
    }
  | { readonly kind: 'deleted'; readonly version: VersionFacts }
  | { readonly kind: 'missing' }
  | { readonly kind: 'forbidden' };

export type KeyFound =
  | {
      readonly kind: 'present' | 'deleted' | 'destroyed';
      readonly newest: VersionFacts;
      readonly tags: KeyAnswer['tags'];
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'forbidden' };

/** Vault tells of each version whether it is deleted. */
export type VersionsFound = Exclude<VersionsOutcome, { kind: 'deleted' }>;

/** The keys below one mount. @throws {VaultFault} from every function; `signal.reason` where the caller gave up */
export class VaultKeys {
  readonly #client: VaultClient;
  readonly #mount: string;

  constructor(client: VaultClient, mount: string) {
    this.#client = client;
    this.#mount = mount;
  }

  /** Needs read on data/<name>. @param version default: the newest */
  async readData(name: string, version: number | undefined, signal: AbortSignal | undefined): Promise<DataFound> {
    const query = version === undefined ? '' : `?version=${version}`;
    const answer = await this.#get(`data/${encodePath(name)}${query}`, signal);
    if (answer.status === 403) return { kind: 'forbidden' };
    // The trap of KV v2: a deleted version is a 404 that has a body, a missing one is a 404 that has none.
    if (answer.status === 404 && !hasData(answer.text)) return this.#missing(answer);
    if (answer.status === 404) return { kind: 'deleted', version: parseData(answer.text).version };
    if (answer.status !== 200) throw refusal(answer);
    const { raw, version: facts, tags } = parseData(answer.text);
    if (raw === undefined)
      throw finalFault(
        `version ${facts.number} was written without data`,
        'Write it again; an object without fields is {}.',
      );
    return { kind: 'present', raw, version: facts, tags };
  }

  /** Needs read on metadata/<name>. */
  async readKey(name: string, signal: AbortSignal | undefined): Promise<KeyFound> {
    const answer = await this.#get(`metadata/${encodePath(name)}`, signal);
    if (answer.status === 403) return { kind: 'forbidden' };
    if (answer.status === 404) return this.#missing(answer);
    if (answer.status !== 200) throw refusal(answer);
    const { newest, tags } = parseKey(answer.text);
    // A key that only has metadata: PushSecret of External Secrets Operator writes them first.
    if (newest === undefined) return { kind: 'missing' };
    const state = stateOf(newest, answer);
    return { kind: state === 'kept' ? 'present' : state, newest, tags };
  }

  /** Needs read on metadata/<name>. */
  async readVersions(name: string, signal: AbortSignal | undefined): Promise<VersionsFound> {
    const answer = await this.#get(`metadata/${encodePath(name)}`, signal);
    if (answer.status === 403) return { kind: 'forbidden' };
    if (answer.status === 404) return this.#missing(answer);
    if (answer.status !== 200) throw refusal(answer);
    const versions = parseVersions(answer.text).map((facts) => ({
      version: versionOf(facts),
      createdAtMs: facts.createdAtMs,
      state: stateOf(facts, answer),
    }));
    return versions.length === 0 ? { kind: 'missing' } : { kind: 'present', versions };
  }

  /** @param below the mount, encoded. @returns the answer to a 200, 204 or 400, and whatever says that something is too large */
  async post(
    below: string,
    body: string,
    repeatable: boolean,
    signal: AbortSignal | undefined,
  ): Promise<VaultAnswer | 'forbidden'> {
    const path = `${encodePath(this.#mount)}/${below}`;
    let answer: VaultAnswer;
    try {
      answer = await this.#client.call({ method: 'POST', path, body, repeatable }, signal);
    } catch (error) {
      // What may not be repeated is cleared up by who sent it.
      throw repeatable && error instanceof VaultFault && error.effect === 'unknown' ? doubtful(error) : error;
    }
    if (isNoMount(answer)) throw noMount(this.#mount);
    return answer.status === 403 ? 'forbidden' : answer;
  }

  /** Needs list on metadata/<folder>. @param folder empty, or ends in `/`. */
  async list(folder: string, signal: AbortSignal | undefined): Promise<VaultAnswer> {
    const answer = await this.#get(`metadata/${encodePath(folder)}?list=true`, signal);
    if (isNoMount(answer)) throw noMount(this.#mount);
    return answer;
  }

  #get(path: string, signal: AbortSignal | undefined): Promise<VaultAnswer> {
    return this.#client.call({ method: 'GET', path: `${encodePath(this.#mount)}/${path}`, repeatable: true }, signal);
  }

  #missing(answer: VaultAnswer): { readonly kind: 'missing' } {
    if (isNoMount(answer)) throw noMount(this.#mount);
    return { kind: 'missing' };
  }
}

/** By Vault's clock; in the future it is `delete_version_after`, and the version is there. */
function stateOf({ destroyed, deletedAtMs }: VersionFacts, { atMs }: VaultAnswer): 'kept' | 'deleted' | 'destroyed' {
  if (destroyed) return 'destroyed';
  return deletedAtMs !== undefined && deletedAtMs <= atMs ? 'deleted' : 'kept';
}

/** What Vault says to a 400 that is not about versions: its own check of the path, where it is about printable characters, has no text at all. */
export function refusal(answer: VaultAnswer): VaultFault {
  if (answer.status !== 400) return nonsense(`Vault answered with status ${answer.status}`);
  return finalFault(
    'Vault refuses it as malformed (400)',
    'Check that its name has only characters that can be printed, and that VAULT_ADDR has the right scheme (http or https).',
  );
}
