/** The mandatory `api-version`: there is no default [doc], and every date later than the known ones is taken. */
import { missingApiVersion, unknownApiVersion } from './key-vault-errors.ts';
import type { KeyVaultError } from './key-vault-reply.ts';

/**
 * @property hasRecoverableDays `recoverableDays` came with 7.1 (specification)
 * @property hasPreviousVersion `previousVersion` came with 2025-07-01 (specification)
 */
export type ApiVersion = { readonly hasRecoverableDays: boolean; readonly hasPreviousVersion: boolean };

const latest = '2026-04-01';
const numbered = /^7\.[0-6](?:-preview(?:\.\d+)?)?$/;
const dated = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:-preview(?:\.\d+)?)?$/;

export function readApiVersion(text: string | undefined): ApiVersion | KeyVaultError {
  if (text === undefined || text === '') return missingApiVersion;
  if (numbered.test(text)) return { hasRecoverableDays: !text.startsWith('7.0'), hasPreviousVersion: false };
  // The numbers came between 2016-10-01 and 2025-07-01; dates between these are taken as the later kind, which is lenient.
  if (!dated.test(text) || text < '2016-10-01') return unknownApiVersion(text, latest);
  return { hasRecoverableDays: text > '2016-10-01', hasPreviousVersion: text.slice(0, 10) >= '2025-07-01' };
}
