import { PlatformError } from '../model/problem.ts';
import type { StoreOperation } from './contract.ts';

/** A store could not do what it was asked for, and not for one of the reasons that its outcomes tell. Exit code 2. Holds no value. */
export class StoreError extends PlatformError {
  readonly store: string;
  readonly operation: StoreOperation;
  /** The secret's name in the store; undefined where a whole listing failed. */
  readonly secretName: string | undefined;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  /** @param details.because fits after a colon: `its name is not a Key Vault secret name`. Never an SDK's own text. */
  constructor(details: {
    readonly store: string;
    readonly operation: StoreOperation;
    readonly secretName: string | undefined;
    readonly retryable: boolean;
    readonly because: string;
    readonly hint: string;
  }) {
    const { store, operation, secretName, retryable, because, hint } = details;
    super(
      'STORE',
      `${store}: could not ${words[operation]}${secretName === undefined ? '' : ` "${secretName}"`}: ${because}`,
      hint,
    );
    this.store = store;
    this.operation = operation;
    this.secretName = secretName;
    this.retryable = retryable;
  }
}

const words: Readonly<Record<StoreOperation, string>> = {
  list: 'list secrets',
  read: 'read',
  versions: 'list the versions of',
  write: 'write',
  writeMetadata: 'write the metadata of',
  delete: 'delete',
  listDeleted: 'list deleted secrets',
  recover: 'recover',
};
