/** What the operator does with one kind of provider, over answers that were read before. */
import { GoError, Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import type { World } from '../prediction.ts';
import type { ProviderAnswer, ProviderRequest } from '../provider.ts';
import type { Find, RemoteReference, Store } from '../resources.ts';

export type SecretMap = Map<GoString, GoString>;

/** `namespace` is the ExternalSecret's. */
export type ReadContext<Config> = {
  readonly store: Store;
  readonly config: Config;
  readonly namespace: string;
  readonly world: World;
  /** Of a request that `requestsFor…` named. */
  readonly read: (request: ProviderRequest) => ProviderAnswer;
};

/** All but the first throw GoError with the operator's text, and Unpredictable. */
export type ProviderClient<Config> = {
  /** What an entry needs to have been read. None where it fails before a call, or is read from where nothing is read here. */
  readonly requests: (
    store: Store,
    config: Config,
    entry: { readonly reference: RemoteReference } | { readonly find: Find },
  ) => readonly ProviderRequest[];
  readonly getSecret: (context: ReadContext<Config>, reference: RemoteReference) => GoString;
  readonly getSecretMap: (context: ReadContext<Config>, reference: RemoteReference) => SecretMap;
  readonly getAllSecrets: (context: ReadContext<Config>, find: Find) => SecretMap;
};

/** esv1.NoSecretErr. */
export function noSecret(): GoError {
  return new GoError('Secret does not exist', 'secret-missing', true);
}

/** The answers that say nothing about what the operator gets. */
export function unreadable(
  answer: Extract<ProviderAnswer, { kind: 'forbidden-to-us' | 'unknown' }>,
  what: string,
): Unpredictable {
  return answer.kind === 'forbidden-to-us'
    ? new Unpredictable('forbidden', `${what} may not be read`)
    : new Unpredictable('store', answer.because);
}
