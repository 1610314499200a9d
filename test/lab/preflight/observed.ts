/** What the real operator did with one ExternalSecret. */
import type { KubernetesObject } from './kubernetes-object.ts';
import type { WrittenSecret } from './remote-writes.ts';

export type Observed = {
  /** What a store or the API server answered, where it did not take what the case needs. */
  readonly untried?: string;
  /** The API server's answer, where it did not take the ExternalSecret. */
  readonly refused?: string;
  readonly condition?: { readonly status: string; readonly reason: string; readonly message: string };
  /** Each text once, in the order in which it was first said. */
  readonly events: readonly ObservedEvent[];
  readonly secret?: ObservedSecret;
};

export type ObservedEvent = { readonly type: string; readonly reason: string; readonly message: string };

export type ObservedSecret = {
  readonly type: string;
  readonly immutable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Without the operator's hash of the data. */
  readonly annotations: Readonly<Record<string, string>>;
  /** In Base64. */
  readonly data: Readonly<Record<string, string>>;
  /** `kind/name` of the owner that controls it. */
  readonly controller?: string;
};

/** Everything that a replay without a lab needs; remote values are made up. */
export type Recorded = {
  readonly id: string;
  readonly family: string;
  readonly about: string;
  readonly world: RecordedWorld;
  /** As it was applied. */
  readonly externalSecret: KubernetesObject;
  readonly observed: Observed;
};

export type RecordedWorld = {
  /** Those that the case names. */
  readonly stores: readonly KubernetesObject[];
  /** As the API server had them before the ExternalSecret was applied. */
  readonly resources: readonly KubernetesObject[];
  readonly remote: readonly WrittenSecret[];
  readonly namespaceLabels: Readonly<Record<string, string>>;
};
