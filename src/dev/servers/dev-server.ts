/** One of the servers that `npm run dev` runs. */
import type { SecretValue } from '../../model/secret-value.ts';
import type { LoggedRequest } from '../request-log.ts';
import type { Storage } from '../storage.ts';

/** By the name that `--only` takes. */
export type DevServerName = 'vault' | 'azure';

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

type Running = {
  /** For people. */
  readonly title: string;
  readonly address: string;
  readonly variables: readonly ClientVariable[];
  /** Names that a client must find on this machine, and that not every machine finds by itself. */
  readonly hostNames: readonly string[];
  close(): Promise<void>;
};

/** @property token may do everything */
export type RunningDevVault = Running & { readonly name: 'vault'; readonly token: SecretValue };

export type RunningDevAzure = Running & {
  readonly name: 'azure';
  readonly client: {
    readonly vaultUrl: string;
    readonly authorityUrl: string;
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: SecretValue;
    readonly caCertificate: string;
  };
};

export type RunningDevServer = RunningDevVault | RunningDevAzure;
