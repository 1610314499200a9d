/** What preflight found. It holds names and fingerprints and no value, so it may be printed as it is. */
import type { ProblemCode } from '../model/problem.ts';

export type PreflightResult = {
  /** The environment of config/; undefined where there is none that can be loaded. */
  readonly environment: string | undefined;
  /** The operator's version that was predicted, such as `0.20.4`. */
  readonly operatorVersion: string;
  /** Where the ExternalSecrets came from, for people. */
  readonly source: string;
  /** Whether manifests were given, in place of those that synth would write. */
  readonly given: boolean;
  /** Whether a cluster was looked at. */
  readonly cluster: boolean;
  readonly stores: readonly ReadStore[];
  readonly externalSecrets: readonly CheckedExternalSecret[];
  readonly calls: CallPlan;
};

/** One SecretStore or ClusterSecretStore that is used. */
export type ReadStore = {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** For people: `Vault http://localhost:8200 (VAULT_ADDR)`. */
  readonly readFrom: string;
  /** How many distinct things were asked of it. */
  readonly reads: number;
  /** Why it was not read; undefined where it was, or where nothing was wanted of it. */
  readonly notRead: NotRead | undefined;
};

export type NotRead = {
  readonly because: string;
  /** Whether settings or credentials would help; otherwise it is of a kind that is not read here. */
  readonly mendable: boolean;
  /** What to do about it. */
  readonly hint: string;
};

export type CheckedExternalSecret = {
  readonly name: string;
  readonly namespace: string;
  /** The application of config/, or the namespace of a manifest that was given. */
  readonly application: string;
  /** `manifests/jira.yaml:12` */
  readonly where: string;
  /** The Kubernetes Secret. */
  readonly target: string;
  /** `refused`: by the API server, so that the operator never sees it. */
  readonly outcome: 'syncs' | 'fails' | 'refused' | 'skipped' | 'unpredictable';
  /** Of what there is to say: fails P1…, syncs and does something that is easily overlooked P2…, cannot be predicted P3… */
  readonly code?: ProblemCode;
  /** In a sentence; of a failure the cause alone. */
  readonly because?: string;
  readonly fix?: string;
  /** What `kubectl describe` will show. */
  readonly condition?: { readonly status: string; readonly reason: string; readonly message: string };
  readonly events: readonly { readonly type: string; readonly reason: string; readonly message: string }[];
  /** Of the Secret. `untouched`: it stays as it is, or absent. */
  readonly effect?: 'created' | 'updated' | 'unchanged' | 'untouched' | 'deleted';
  readonly type?: string;
  /** If it syncs and writes: the keys that the Secret will have, sorted. */
  readonly keys?: readonly string[];
  /** Against the Secret in the cluster; undefined where that is not known. */
  readonly changes?: SecretChanges;
  /** What was taken for granted. */
  readonly assumed: readonly string[];
  /** Of stores, at each refresh. */
  readonly reads: number;
};

export type SecretChanges = {
  /** Whether there is a Secret in the cluster. */
  readonly exists: boolean;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly ChangedKey[];
  readonly unchanged: number;
  /** Where it is another one: the API server refuses that. */
  readonly typeBefore?: string;
};

export type ChangedKey = {
  readonly key: string;
  /** Fingerprints, comparable within one run. */
  readonly before: string;
  readonly after: string;
  /** JSON with the same fields in another order or spacing. */
  readonly sameContent: boolean;
};

export type CallPlan = CallCount & {
  readonly callsPerDay: number;
  readonly byStore: readonly StoreCalls[];
  readonly byApplication: readonly (CallCount & { readonly application: string })[];
  readonly cost: MonthlyCost;
  /** What one read for all fields of a remote secret would save, in place of one for each; undefined where nothing would. */
  readonly grouping: (Saving & { readonly externalSecrets: readonly string[] }) | undefined;
  /** What twice the refresh interval would save; undefined where nothing is refreshed. */
  readonly twiceTheInterval: Saving | undefined;
};

/** Calls are reads and what comes with them: the operator signs in to Vault at each refresh, and out again. */
export type CallCount = {
  readonly readsPerRefresh: number;
  readonly callsPerRefresh: number;
  readonly callsPerHour: number;
};

export type StoreCalls = CallCount & {
  readonly store: string;
  /** If all of them are due at once, as after they were applied together. */
  readonly callsIn10s: number;
  /** Of Key Vault: what one vault takes in 10 seconds. */
  readonly limitIn10s?: number;
  /** Whether calls to it are paid for. */
  readonly paid: boolean;
};

export type MonthlyCost = {
  readonly dollarsPer10000: number;
  /** Of 730 hours, as Azure counts. */
  readonly paidCallsPerMonth: number;
  readonly dollarsPerMonth: number;
};

export type Saving = { readonly callsPerDay: number; readonly dollarsPerMonth: number };
