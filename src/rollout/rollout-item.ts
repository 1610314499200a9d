/** A roll-out, told without a value. */
import type { StoreName } from '../model/configuration.ts';
import type { EnvironmentChange } from './configuration-change.ts';
import type { JudgedSecret } from './judge-secret.ts';

export type RolloutItem = {
  readonly environment: string;
  /** `config/applications.ts` */
  readonly file: string;
  /** Whether the cluster is watched. */
  readonly watched: boolean;
  /** In the order in which they go, up to the one that it stopped at. */
  readonly applications: readonly RolledOut[];
  /** Those that come after it, and were not begun. */
  readonly left: readonly string[];
};

export type RolloutState =
  /** It reads from there, and nothing was to be done. */
  | 'already'
  /** Shown, and nothing was changed. */
  | 'planned'
  /** Something speaks against it; nothing was changed. */
  | 'refused'
  /** Configured and synthesised, and not watched. */
  | 'written'
  /** All ExternalSecrets are Ready from the store, and nothing changed. */
  | 'ready'
  /** Configured and synthesised, and not all of them are. */
  | 'not ready'
  /** Ended by Ctrl-C while the cluster was watched. */
  | 'stopped';

export type RolledOut = {
  readonly application: string;
  readonly to: StoreName;
  readonly state: RolloutState;
  /** Why it is refused, a line each; and what a person should know before. */
  readonly remarks: readonly string[];
  readonly secrets: readonly VerifiedSecret[];
  /** Of the file, as lines of a diff; empty where it says so already. */
  readonly diff: readonly string[];
  readonly environments: readonly EnvironmentChange[];
  readonly deploy: Deploy;
  readonly externalSecrets: readonly JudgedSecret[];
};

/** Commands, a line each; none where nothing was synthesised. */
export type Deploy = {
  /** As the environment says: by git or by idpbuilder. */
  readonly commands: readonly string[];
  /** The same where there is no Argo CD. */
  readonly kubectl: readonly string[];
};

export type VerifiedSecret = {
  /** In the catalog. */
  readonly name: string;
  /** `unknown`: one of the stores could not be read. */
  readonly result: 'same' | 'different' | 'unknown';
  /** Empty where it is the same. */
  readonly because: string;
};
