/** The policies by name, and what a token's policies allow together. */
import { createAcl, rootAcl } from './acl.ts';
import type { Acl } from './acl.ts';
import { defaultPolicy } from './default-policy.ts';
import { parsePolicy } from './policy.ts';
import type { PathRule } from './policy.ts';
import type { Storage } from '../storage.ts';
import type { TokenEntry } from './tokens.ts';

const prefix = 'sys/policy/';

export class Policies {
  readonly #storage: Storage;
  /** Parsed, by name, and compiled, by the names of a token's policies; both are forgotten when a policy changes. */
  readonly #rules = new Map<string, readonly PathRule[]>();
  readonly #acls = new Map<string, Acl>();

  constructor(storage: Storage) {
    this.#storage = storage;
    if (storage.get(`${prefix}default`) === undefined) storage.put(`${prefix}default`, { text: defaultPolicy });
  }

  /** Undefined: there is none of that name. `root` has no text. */
  text(name: string): string | undefined {
    if (name === 'root') return '';
    return (this.#storage.get(`${prefix}${name}`) as { text: string } | undefined)?.text;
  }

  exists(name: string): boolean {
    return this.text(name) !== undefined;
  }

  names(): readonly string[] {
    return [...this.#storage.list(prefix), 'root'].toSorted();
  }

  /** @throws PolicyError */
  put(name: string, text: string): void {
    parsePolicy(text);
    this.#storage.put(`${prefix}${name}`, { text });
    this.#forget();
  }

  delete(name: string): void {
    this.#storage.delete(`${prefix}${name}`);
    this.#forget();
  }

  /** A policy that does not exist allows nothing. */
  aclOf({ policies }: TokenEntry): Acl {
    if (policies.includes('root')) return rootAcl;
    const key = policies.join(',');
    let acl = this.#acls.get(key);
    if (acl === undefined) {
      acl = createAcl(policies.map((name) => this.#rulesOf(name)));
      this.#acls.set(key, acl);
    }
    return acl;
  }

  #rulesOf(name: string): readonly PathRule[] {
    let rules = this.#rules.get(name);
    if (rules === undefined) {
      rules = parsePolicy(this.text(name) ?? '');
      this.#rules.set(name, rules);
    }
    return rules;
  }

  #forget(): void {
    this.#rules.clear();
    this.#acls.clear();
  }
}
