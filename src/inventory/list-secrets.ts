/** What the stores hold of what the catalog declares: there, missing, malformed, old. Reads, and tells no value. */
import { valuesSeen } from '../eso/values-seen.ts';
import type { StoreName } from '../model/configuration.ts';
import type { Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import { checkValues } from '../model/value-rules.ts';
import type { ReadOutcome, SecretStore } from '../stores/contract.ts';

export type ListedCatalogSecret = {
  /** In the catalog. */
  readonly name: string;
  readonly application: string;
  readonly store: StoreName;
  /** In the store. */
  readonly remote: string;
  readonly state: ReadOutcome['kind'];
  /** Of the newest version, where it may be known; a version's number in Vault. */
  readonly version: string;
  readonly ageDays: number | undefined;
  /** Names of fields that are there; of a plain text none. */
  readonly fields: readonly string[];
  /** Whether anything is to be done: it is missing, or a field that is required is, is malformed or a placeholder. */
  readonly findings: readonly string[];
  /** Fields that were to be renewed by now. */
  readonly overdue: readonly string[];
  /** Fields that the catalog does not know. */
  readonly undeclared: readonly string[];
};

const dayMs = 86_400_000;

/** @throws {StoreError} */
export async function listSecret(secret: Secret, client: SecretStore, nowMs: number): Promise<ListedCatalogSecret> {
  const remote = remoteKey(secret);
  const found = await client.read(remote);
  const common = { name: secret.name, application: secret.application, store: secret.store, remote };
  if (found.kind !== 'present')
    return {
      ...{ ...common, state: found.kind, version: '', ageDays: undefined },
      ...{ fields: [], findings: [], overdue: [], undeclared: [] },
    };
  const values = valuesSeen(secret, found.value);
  const declared = secret.content.kind === 'fields' ? secret.content.fields : [secret.content.field];
  const ageDays = Math.floor((nowMs - found.metadata.createdAtMs) / dayMs);
  const names = secret.content.kind === 'fields' ? [...values.keys()] : [];
  return {
    ...common,
    state: 'present',
    version: /^\d+$/.test(found.version) ? found.version : '',
    ageDays,
    fields: names,
    findings: [
      ...(values.size === 0 ? ['it holds nothing that the operator can read'] : []),
      ...checkValues(secret, values).map(({ field, message }) => `${field} ${message}`),
    ],
    overdue: declared.flatMap(({ name, rotateAfterDays }) =>
      rotateAfterDays !== undefined && ageDays > rotateAfterDays
        ? [`${name} is to be renewed every ${rotateAfterDays} days`]
        : [],
    ),
    undeclared: names.filter((name) => !declared.some((field) => field.name === name)),
  };
}
