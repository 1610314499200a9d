/** The job of `npm start`: seeds two stores with fake values, writes the manifests, and tells what each application would receive. */
import { receive } from '../eso/receive.ts';
import type { Received } from '../eso/receive.ts';
import type { RemoteSecret } from '../eso/remote-secret.ts';
import { readRemoteSecret } from '../eso/remote-secret.ts';
import type { StoreName } from '../model/configuration.ts';
import type { Application, ApplicationTarget, Platform, Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import type { Problem } from '../model/problem.ts';
import { fingerprint } from '../report/fingerprint.ts';
import type { SecretStore } from '../stores/contract.ts';
import { seedSecret } from './seed.ts';

export type StartOptions = {
  readonly platform: Platform;
  readonly stores: { readonly vault: SecretStore; readonly keyVault: SecretStore };
  /** Writes the manifests; its result says where, or why not. */
  readonly synthesise: () => Promise<SynthesisOutcome>;
  /** At least 32 random bytes, made for this run. */
  readonly fingerprintKey: Uint8Array;
  readonly signal?: AbortSignal | undefined;
};

export type SynthesisOutcome =
  | { readonly kind: 'written'; readonly output: string }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

export type StartOutcome =
  | { readonly kind: 'started'; readonly result: StartResult }
  /** The configuration cannot be synthesised; nothing was seeded. */
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

/** Holds names and fingerprints, and no value: it may be printed as it is. */
export type StartResult = {
  readonly environment: string;
  /** The folder that the manifests were written to. */
  readonly output: string;
  readonly stores: readonly SeededStore[];
  readonly applications: readonly StartedApplication[];
  readonly reads: Reads;
};

export type SeededStore = {
  /** The ClusterSecretStore that it stands for. */
  readonly store: StoreName;
  readonly name: string;
  readonly seeded: number;
  /** Held something already, which was left alone. */
  readonly kept: number;
  readonly notSeeded: readonly {
    readonly name: string;
    readonly because: 'deleted' | 'forbidden' | 'too large' | 'not a JSON object' | 'managed';
  }[];
};

export type StartedApplication = {
  readonly name: string;
  readonly namespace: string;
  readonly store: StoreName;
  readonly secrets: readonly StartedSecret[];
};

/** One Kubernetes Secret. */
export type StartedSecret = {
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  /** The name in the catalog. */
  readonly secret: string;
  readonly store: StoreName;
  /** The name in the store. */
  readonly remote: string;
  /** Reads of the store at each refresh. */
  readonly reads: number;
} & StartedState;

export type StartedState =
  | {
      readonly state: 'synced';
      readonly keys: readonly string[];
      /** Those whose value a template makes that is not evaluated. */
      readonly unpredictable: readonly string[];
      /** Of all keys and values: equal where two Secrets of one run receive the same from one secret. Undefined where one is unpredictable. */
      readonly fingerprint: string | undefined;
    }
  | { readonly state: 'retained' }
  | { readonly state: 'failed'; readonly condition: string; readonly because: string };

export type Reads = {
  /** Every ExternalSecret once. */
  readonly perRefresh: number;
  readonly perDay: number;
  /** Those of `perDay` that Key Vault is paid for. */
  readonly perDayFromKeyVault: number;
};

/**
 * Seeds with guarded writes, so nothing is overwritten; then reads each remote secret once.
 * @throws StoreError when a store cannot be written or read; whatever `synthesise` throws
 */
export async function start(options: StartOptions): Promise<StartOutcome> {
  const { platform, stores, signal } = options;
  const synthesis = await options.synthesise();
  if (synthesis.kind === 'wrong') return synthesis;
  const seeded = [
    await seedStore('vault-secret-store', stores.vault, platform, signal),
    await seedStore('azure-keyvault-store', stores.keyVault, platform, signal),
  ];
  const remotes = new Map<string, RemoteSecret>();
  for (const secret of platform.secrets) remotes.set(secret.name, await readRemote(secret, stores, signal));
  const applications = platform.applications.map((application) =>
    startApplication(application, remotes, options.fingerprintKey),
  );
  return {
    kind: 'started',
    result: {
      environment: platform.environment.name,
      output: synthesis.output,
      stores: seeded,
      applications,
      reads: countReads(applications, platform.environment.externalSecrets.refreshInterval),
    },
  };
}

/**
 * Every secret goes into every store, so that an application may be moved from one to the other at once. Guarded: nothing is overwritten.
 * @throws StoreError
 */
export async function seedStore(
  storeName: StoreName,
  store: SecretStore,
  platform: Platform,
  signal?: AbortSignal,
): Promise<SeededStore> {
  let seeded = 0;
  let kept = 0;
  const notSeeded: SeededStore['notSeeded'][number][] = [];
  for (const secret of platform.secrets) {
    const name = remoteKey({ ...secret, store: storeName });
    const value = seedSecret(secret, store.capabilities.holds);
    const outcome = await store.write(name, value, { expected: 'absent', signal });
    if (outcome.kind === 'written') seeded += 1;
    else if (outcome.kind === 'conflict') kept += 1;
    else notSeeded.push({ name, because: outcome.kind === 'refused' ? outcome.because : outcome.kind });
  }
  return { store: storeName, name: store.name, seeded, kept, notSeeded };
}

async function readRemote(
  secret: Secret,
  stores: StartOptions['stores'],
  signal: AbortSignal | undefined,
): Promise<RemoteSecret> {
  const store = secret.store === 'vault-secret-store' ? stores.vault : stores.keyVault;
  const outcome = await store.read(remoteKey(secret), { signal });
  return outcome.kind === 'present' ? readRemoteSecret(secret, outcome.value) : { kind: outcome.kind };
}

function startApplication(
  { name, namespace, store, targets }: Application,
  remotes: ReadonlyMap<string, RemoteSecret>,
  fingerprintKey: Uint8Array,
): StartedApplication {
  const secrets = targets.map(({ secret, target }): StartedSecret => {
    const received = receive(secret, target, remotes.get(secret.name) ?? { kind: 'missing' });
    return {
      name: target.name,
      namespace: target.namespace,
      type: target.type,
      secret: secret.name,
      store: secret.store,
      remote: remoteKey(secret),
      reads: readsOf({ secret, target }),
      ...stateOf(secret, received, fingerprintKey),
    };
  });
  return { name, namespace, store, secrets };
}

function stateOf(secret: Secret, received: Received, fingerprintKey: Uint8Array): StartedState {
  if (received.kind === 'retained') return { state: 'retained' };
  if (received.kind === 'failed') return { state: 'failed', condition: received.condition, because: received.because };
  const unpredictable = received.keys.filter(({ value }) => value === 'unpredictable').map(({ key }) => key);
  const parts = received.keys.toSorted((a, b) => (a.key < b.key ? -1 : 1)).flatMap(({ key, value }) => [key, value]);
  return {
    state: 'synced',
    keys: received.keys.map(({ key }) => key),
    unpredictable,
    fingerprint: unpredictable.length > 0 ? undefined : fingerprint(fingerprintKey, secret.name, parts),
  };
}

/** One for an extract; one for each key of a plain text. */
function readsOf({ secret, target }: ApplicationTarget): number {
  return secret.content.kind === 'fields' ? 1 : target.keys.length;
}

function countReads(applications: readonly StartedApplication[], refreshInterval: string): Reads {
  const secrets = applications.flatMap((application) => application.secrets);
  const sum = (of: readonly StartedSecret[]): number => of.reduce((total, { reads }) => total + reads, 0);
  const refreshesPerDay = 86_400 / secondsOf(refreshInterval);
  const perDay = (of: readonly StartedSecret[]): number => Math.round(sum(of) * refreshesPerDay);
  return {
    perRefresh: sum(secrets),
    perDay: perDay(secrets),
    perDayFromKeyVault: perDay(secrets.filter(({ store }) => store === 'azure-keyvault-store')),
  };
}

/** @param interval as External Secrets Operator stores it: 1h0m0s, 15m0s, 30s. Zero, which stops refreshing, is Infinity. */
function secondsOf(interval: string): number {
  const [, hours = '0', minutes = '0', seconds = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(interval) ?? [];
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return total === 0 ? Infinity : total;
}
