/** What `predict` (src/eso/predict.ts) is given and what it gives. Types only. */
import type { FailureCause, UnpredictableReason } from './go-error.ts';
import type { OperatorText } from './operator-text.ts';
import type { ProviderAnswer, ProviderRequest } from './provider.ts';
import type { ExternalSecret, Store } from './resources.ts';
import type { SecretBytes } from './secret-bytes.ts';

/** The operator's version decides between the two manners: below 2, and from 2 on. Flags have their defaults where they are not given. */
export type OperatorSettings = {
  readonly version: { readonly major: number; readonly minor: number; readonly patch: number };
  readonly controllerClass: string;
  /** --enable-flood-gate: a store that is not Ready is not asked. */
  readonly floodGate: boolean;
  /** --experimental-enable-vault-token-cache: a token of Vault is kept from one refresh to the next. */
  readonly vaultTokenCache: boolean;
  readonly templateDelimiters: readonly [left: string, right: string];
};

/** `unknown`: nobody looked, since no cluster was given. */
export type Known<T> = T | 'absent' | 'unknown';

export type World = {
  readonly operator: OperatorSettings;
  /** `namespace` is undefined for a ClusterSecretStore. */
  readonly store: (kind: Store['kind'], name: string, namespace: string | undefined) => Known<Store>;
  readonly namespaceLabels: (namespace: string) => Readonly<Record<string, string>> | 'unknown';
  readonly secret: (namespace: string, name: string) => Known<ExistingSecret>;
  readonly configMap: (namespace: string, name: string) => Known<Readonly<Record<string, string>>>;
  readonly serviceAccount: (
    namespace: string,
    name: string,
  ) => Known<{ readonly annotations: Readonly<Record<string, string>> }>;
  /** Undefined where it was not asked yet: `predict` answers with `needs` then. */
  readonly read: (request: ProviderRequest) => ProviderAnswer | undefined;
};

export type ExistingSecret = {
  readonly uid: string;
  readonly type: string;
  readonly immutable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: ReadonlyMap<string, SecretBytes>;
  /** The owner with `controller: true`. */
  readonly controller?: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  /** Of managedFields: which keys, labels and annotations a field manager holds. */
  readonly managed: readonly {
    readonly manager: string;
    readonly data: readonly string[];
    readonly labels: readonly string[];
    readonly annotations: readonly string[];
  }[];
};

export type Condition = {
  readonly status: 'True' | 'False';
  readonly reason: 'SecretSynced' | 'SecretDeleted' | 'SecretMissing' | 'SecretSyncedError';
  readonly message: string;
};

export type OperatorEvent = {
  readonly type: 'Normal' | 'Warning';
  readonly reason: 'Created' | 'Updated' | 'Deleted' | 'MissingProviderSecret' | 'UpdateFailed';
  readonly message: OperatorText;
};

/** The outcome of one reconciliation of an ExternalSecret that is due. */
export type Prediction =
  /** Reads are missing; call again when `World.read` knows them. Never empty. */
  { readonly kind: 'needs'; readonly requests: readonly ProviderRequest[] } | Predicted;

export type Predicted = {
  /** What was taken for granted, for people: that a store which nobody could look at is ready. */
  readonly assumed: readonly string[];
} & (
  | {
      readonly kind: 'syncs';
      readonly condition: Condition;
      readonly events: readonly OperatorEvent[];
      readonly effect: SecretEffect;
    }
  | {
      readonly kind: 'fails';
      readonly reason: FailureCause;
      readonly condition: Condition;
      /** The last one says why. */
      readonly events: readonly OperatorEvent[];
      /** What changed all the same: an immutable Secret gets its metadata before its data is refused. */
      readonly effect?: SecretEffect;
    }
  /** The operator does nothing and says nothing: another controller's class, or ClusterSecretStores that are switched off. */
  | { readonly kind: 'skipped'; readonly because: string }
  | { readonly kind: 'unpredictable'; readonly reason: UnpredictableReason; readonly because: string }
);

export type SecretEffect =
  | { readonly kind: 'created' | 'updated' | 'unchanged'; readonly secret: PredictedSecret }
  /** The target stays as it is, or absent: creationPolicy None or Merge without a target, nothing to write with deletionPolicy Retain. */
  | { readonly kind: 'untouched' }
  | { readonly kind: 'deleted' };

export type PredictedSecret = {
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  readonly immutable: boolean;
  readonly data: ReadonlyMap<string, SecretBytes>;
  readonly labels: Readonly<Record<string, string>>;
  /** Without the operator's own data-hash, which is a digest of the values. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Whether the ExternalSecret owns it. */
  readonly owned: boolean;
};

export type PredictionInput = { readonly externalSecret: ExternalSecret; readonly world: World };
