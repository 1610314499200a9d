/** What became of a secret, told without a value: for reports and for what comes next. */
import type { StoreName } from '../model/configuration.ts';
import type { Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import type { SecretValue } from '../model/secret-value.ts';
import type { StoreCapabilities } from '../stores/contract.ts';
import { isGenerated } from './generate-value.ts';
import type { LackingField, Values } from './lacking-fields.ts';
import { lackingFields } from './lacking-fields.ts';
import type { Opened } from './open-secret.ts';
import type { Written } from './write-fields.ts';

export type GivenField = {
  readonly value: SecretValue;
  readonly from: 'entered' | 'generated' | 'file' | 'standard input';
};
export type GivenFields = ReadonlyMap<string, GivenField>;

export type SetSecretOutcome =
  /** Nothing lacks, and nothing was given. */
  | 'complete'
  /** Something lacks, and nothing was given for it. */
  | 'lacking'
  /** Given, and not written: a plan, or not confirmed. */
  | 'planned'
  | 'written'
  /** All that was given is there already. */
  | 'unchanged'
  | 'refused'
  | 'changed meanwhile'
  | 'differs'
  /** The store could not be asked: perhaps it is written, perhaps not. */
  | 'failed'
  | 'not reached';

export type SetSecretItem = {
  /** In the catalog. */
  readonly name: string;
  readonly application: string;
  readonly store: StoreName;
  /** In the store. */
  readonly remote: string;
  readonly state: 'present' | 'missing' | Extract<Opened, { kind: 'closed' }>['because'];
  readonly outcome: SetSecretOutcome;
  /** Why it is not as it should be, and what to do; for people. */
  readonly because: string;
  /** Of what was written; a version's number in Vault, empty elsewhere. */
  readonly version: string;
  /** What was given in this run. */
  readonly fields: readonly { readonly name: string; readonly from: GivenField['from']; readonly replaces: boolean }[];
  /** What lacks after this run, optional fields included. */
  readonly lacking: readonly {
    readonly name: string;
    readonly state: LackingField['state'];
    readonly need: LackingField['need'];
    readonly message: string;
    readonly way: 'ask' | 'generate';
  }[];
  readonly notes: readonly string[];
};

export type Told = {
  readonly outcome: SetSecretOutcome;
  readonly because?: string;
  readonly version?: string;
  readonly given?: GivenFields;
  readonly replaces?: readonly string[];
  /** As they are after this run. Default: as they were read. */
  readonly values?: Values | undefined;
  readonly notes?: readonly string[];
};

/** @param opened undefined where it was not read */
export function setSecretItem(secret: Secret, opened: Opened, told: Told): SetSecretItem {
  const {
    outcome,
    because = '',
    version = '',
    given = new Map<string, GivenField>(),
    replaces = [],
    notes = [],
  } = told;
  const values = told.values ?? (opened.kind === 'open' ? opened.values : undefined);
  return {
    ...{ name: secret.name, application: secret.application, store: secret.store, remote: remoteKey(secret) },
    state: opened.kind === 'closed' ? opened.because : opened.base === undefined ? 'missing' : 'present',
    ...{ outcome, because, version: /^\d+$/.test(version) ? version : '' },
    fields: [...given].map(([name, { from }]) => ({ name, from, replaces: replaces.includes(name) })),
    lacking:
      values === undefined
        ? []
        : lackingFields(secret, values).map(({ field, state, need, message }) => ({
            ...{ name: field.name, state, need, message },
            way: isGenerated(field) ? 'generate' : 'ask',
          })),
    notes,
  };
}

/** Whether a person still has something to do. @param field what it was about, where that is not the whole secret */
export function isOpen({ outcome, lacking }: SetSecretItem, field?: string): boolean {
  if (!['complete', 'written', 'unchanged'].includes(outcome)) return true;
  return lacking.some(
    ({ name, need, state }) =>
      (field === undefined || name === field) &&
      (need === 'required' || state === 'placeholder' || state === 'malformed'),
  );
}

type Refusal = Extract<Written, { kind: 'refused' }>['because'];

const refusals: Readonly<Record<Exclude<Refusal, 'too large' | 'would break'>, string>> = {
  deleted: 'it is deleted: --recover brings it back first, with what it held',
  disabled: 'it is disabled: enable it first (az keyvault secret set-attributes --enabled true)',
  forbidden:
    'it is not allowed: ask for permission to read and write it (role Key Vault Secrets Officer; in Vault read, create and update on data/)',
  managed: 'it belongs to a certificate, which alone may change it',
  'not a JSON object': 'what is there is no JSON object, and would be lost: look at it with the tools of the store',
};

export function refusalWords(
  because: Refusal,
  names: readonly string[],
  { maxValueBytes }: Pick<StoreCapabilities, 'maxValueBytes'>,
): string {
  if (because === 'too large') return `it would be larger than the store takes, which is ${maxValueBytes / 1024} KiB`;
  if (because === 'would break')
    return `applications receive it now, and would not any more: give ${names.join(', ')} as well`;
  return refusals[because];
}

export const outcomeWords = {
  'changed meanwhile': 'somebody else wrote one of these fields meanwhile: look at it, and run this again',
  differs: 'it was not read back as it was written: look at it with the tools of the store',
} as const;
