/** A short way to write cases down. */
import type { Case, RemoteSecret } from '../case.ts';
import type { JsonObject } from '../kubernetes-object.ts';

export type Provider = 'vault' | 'key-vault';
export const providers: readonly Provider[] = ['vault', 'key-vault'];

/** @property store default: the one of the provider that everything may be read by */
export type Reading = {
  readonly store?: string | JsonObject;
  readonly data?: readonly JsonObject[];
  readonly dataFrom?: readonly JsonObject[];
  readonly target?: JsonObject;
  /** Further fields of the spec. */
  readonly spec?: JsonObject;
  /** In place of one secret `a`. */
  readonly remote?: readonly RemoteSecret[];
  /** Of `a`. */
  readonly secret?: Partial<RemoteSecret>;
  readonly resources?: readonly JsonObject[];
  readonly owners?: readonly JsonObject[];
  readonly before?: Omit<Reading, 'before' | 'remote' | 'secret' | 'resources' | 'owners'>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
};

/** A case that reads the secret `a`, which has this value. */
export function reads(
  names: Pick<Case, 'id' | 'family' | 'about'>,
  provider: Provider,
  value: string,
  reading: Reading,
): Case {
  const { secret, remote, resources = [], labels, annotations, owners, before } = reading;
  return {
    ...names,
    remote: remote ?? [{ name: 'a', place: provider, value, ...secret }],
    resources,
    ...(owners !== undefined && { owners }),
    ...(labels !== undefined && { labels }),
    ...(annotations !== undefined && { annotations }),
    ...(before !== undefined && { before: earlier(provider, before) }),
    spec: specOf(provider, reading),
  };
}

function earlier(provider: Provider, reading: NonNullable<Reading['before']>): NonNullable<Case['before']> {
  const { labels, annotations } = reading;
  return {
    ...(labels !== undefined && { labels }),
    ...(annotations !== undefined && { annotations }),
    spec: specOf(provider, reading),
  };
}

function specOf(
  provider: Provider,
  { store = provider, data = [], dataFrom = [], target, spec = {} }: Reading,
): JsonObject {
  return {
    secretStoreRef: typeof store === 'string' ? { name: store, kind: 'ClusterSecretStore' } : store,
    ...(data.length > 0 && { data }),
    ...(dataFrom.length > 0 && { dataFrom }),
    ...(target !== undefined && { target }),
    ...spec,
  };
}

/** Numbers the cases of a family: their names stay the same as long as none is put between. */
export class Cases {
  readonly all: Case[] = [];
  readonly #family: string;
  readonly #suffix: string;

  /** @param suffix of their names, for names of any length */
  constructor(family: string, suffix = '') {
    this.#family = family;
    this.#suffix = suffix;
  }

  /** A case that reads the secret `a`, which has this value. */
  add(provider: Provider, about: string, value: string, reading: Reading): void {
    const id = `${this.#family}-${provider === 'vault' ? 'v' : 'k'}${this.all.length}${this.#suffix}`;
    this.all.push(reads({ id, family: this.#family, about }, provider, value, reading));
  }

  both(about: string, value: string, reading: Reading): void {
    for (const provider of providers) this.add(provider, about, value, reading);
  }
}

/** An entry of `data` for the secret `a`. */
export function read(remoteRef: JsonObject = {}, secretKey = 'out'): JsonObject {
  return { secretKey, remoteRef: { key: '@{a}', ...remoteRef } };
}

/** An entry of `dataFrom` for the secret `a`. */
export function extract(remoteRef: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return { extract: { key: '@{a}', ...remoteRef }, ...more };
}
