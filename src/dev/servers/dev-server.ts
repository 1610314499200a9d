/** One of the servers that `npm run dev` runs. */
import type { SecretValue } from '../../model/secret-value.ts';
import type { LoggedRequest } from '../request-log.ts';
import type { Storage } from '../storage.ts';

/** By the name that `--only` takes. */
export type DevServerName = 'vault';

/**
 * @property port 0: any that is free
 * @property folder for what a client needs and must not be printed, such as a token
 * @property storage the server's own part of the state
 */
export type DevServerOptions = {
  readonly host: string;
  readonly force: boolean;
  readonly port: number;
  readonly folder: string;
  readonly storage: Storage;
  readonly onRequest: (request: LoggedRequest) => void;
};

/** What a client finds the server by: a text, or the path of a file that holds a secret. */
export type ClientVariable = { readonly name: string } & ({ readonly value: string } | { readonly file: string });

export type RunningDevServer = {
  readonly name: DevServerName;
  /** For people. */
  readonly title: string;
  readonly address: string;
  readonly variables: readonly ClientVariable[];
  /** May do everything. */
  readonly token: SecretValue;
  close(): Promise<void>;
};
