/** Vault's numbers of versions ⇄ the contract's opaque ones. */
import type { Version } from '../contract.ts';

export function versionOf({ number }: { readonly number: number }): Version {
  return String(number) as Version;
}

/** Undefined where no version of Vault is written so. */
export function numberOf(version: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(version) ? Number(version) : undefined;
}
