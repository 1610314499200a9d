/**
 * What External Secrets Operator makes of a secret that a store holds, before any template: the map of an extract, or one text.
 * Source: its release 0.20.4 (azure/keyvault getSecretMapMap; vault getSecretValue, GetSecretMap;
 * esutils ConvertKeys, ValidateKeys).
 */
import type { Secret } from '../model/platform.ts';
import { parseFields, unquoteText } from '../model/secret-text.ts';
import { SecretValue } from '../model/secret-value.ts';
import type { Numbers } from './go-json.ts';
import { formatFloat, remarshal } from './go-json.ts';

/** What a read by the operator ends in. */
export type RemoteSecret =
  /** The fields, by the names that they have after the operator's conversion. */
  | { readonly kind: 'present'; readonly fields: ReadonlyMap<string, SecretValue> }
  | { readonly kind: 'text'; readonly text: SecretValue }
  | { readonly kind: 'missing' | 'deleted' | 'disabled' | 'forbidden' }
  /** @property because what the operator reports, without the parts of it that could quote a value */
  | { readonly kind: 'unreadable'; readonly because: string };

/** @param text what the secret's store holds: any text in Key Vault, a JSON object in Vault */
export function readRemoteSecret(secret: Secret, text: SecretValue): RemoteSecret {
  const ofVault = secret.store === 'vault-secret-store';
  if (secret.content.kind === 'text' && !ofVault) return { kind: 'text', text };
  const parsed = parseFields(text.reveal());
  // An extract unmarshals null into an empty map without an error.
  if (parsed.kind === 'not-an-object' && parsed.found === 'null' && secret.content.kind === 'fields')
    return { kind: 'present', fields: new Map() };
  if (parsed.kind === 'not-an-object')
    return {
      kind: 'unreadable',
      because: `error unmarshalling json data: it holds ${parsed.found}, not a JSON object`,
    };

  // A property keeps a number's text; an extract makes a float64 of it in Vault and keeps its text in Key Vault.
  const numbers: Numbers = ofVault && secret.content.kind === 'fields' ? 'float' : 'literal';
  const fields = new Map<string, SecretValue>();
  for (const { name, raw } of parsed.fields) {
    const value = ofVault ? vaultValue(raw, numbers) : keyVaultValue(raw);
    if (value === undefined) return { kind: 'unreadable', because: 'a number in it is too large for the operator' };
    if (secret.content.kind === 'text') {
      fields.set(name, new SecretValue(value));
      continue;
    }
    const key = convertKey(name);
    if (fields.has(key))
      return {
        kind: 'unreadable',
        because: `error applying conversion strategy Unicode to keys: secret name collision during conversion: ${key}`,
      };
    fields.set(key, new SecretValue(value));
  }
  const tooLong = secret.content.kind === 'fields' && [...fields.keys()].some((key) => utf8Length(key) > 253);
  if (tooLong) return { kind: 'unreadable', because: 'invalid secret keys: one is longer than 253 bytes' };
  if (secret.content.kind === 'fields') fields.delete('');
  return { kind: 'present', fields };
}

/** A text is decoded, null is empty, everything else is its JSON byte for byte. */
function keyVaultValue(raw: string): string {
  return raw === 'null' ? '' : (unquoteText(raw) ?? raw);
}

function vaultValue(raw: string, numbers: Numbers): string | undefined {
  const first = raw.charAt(0);
  if (first === '{' || first === '[') return remarshal(raw, numbers);
  if (first === '-' || (first >= '0' && first <= '9')) return numbers === 'literal' ? raw : formatFloat(raw);
  return keyVaultValue(raw);
}

/** conversionStrategy Unicode, which every extract of ours has: `a/b` becomes `a_U002f_b`. */
function convertKey(name: string): string {
  return name.replace(
    /[^\p{L}\p{N}\-._]/gu,
    (character) => `_U${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}_`,
  );
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
