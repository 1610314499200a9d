/** What is made of a secret's data in Vault (vault getSecretValue), and what every call needs. */
import { byteValue } from '../byte-value.ts';
import { GoError } from '../go-error.ts';
import { gjsonGet } from '../gjson/gjson-get.ts';
import type { GoString } from '../go/go-string.ts';
import { goString } from '../go/go-string.ts';
import { marshal } from '../go/marshal.ts';
import { quoted } from '../go-text.ts';
import type { VaultProvider } from '../resources.ts';
import { checkVaultToken } from '../stores/vault-fault.ts';
import type { GoValue } from '../template/go-value.ts';
import type { ReadContext } from './provider-client.ts';

export type VaultContext = ReadContext<VaultProvider>;
export type VaultData = ReadonlyMap<GoString, GoValue>;

/** The prefix of everything that keeps a call from being made or answered. */
export function checkToken(context: VaultContext): void {
  try {
    checkVaultToken({ ...context, isTrial: false }, context.config);
  } catch (error) {
    throw error instanceof GoError ? error.wrap('cannot read secret data from Vault: ') : error;
  }
}

/** The literal name first, then gjson over the JSON that encoding/json makes of it. Unlike in Key Vault. */
export function valueOf(data: VaultData, property: string): GoString {
  const name = goString(property);
  const exact = property === '' ? undefined : data.get(name);
  if (exact !== undefined) return byteValue(exact);
  const json = marshal({ kind: 'map', type: 'map[string]interface {}', entries: new Map(data) });
  if (property === '') return json;
  const found = gjsonGet(json, name);
  if (found === undefined)
    throw new GoError(`cannot find secret data for key: ${quoted(property)}`, 'property-missing');
  return found;
}
