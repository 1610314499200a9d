/** The values of a secret by its fields, as the operator sees them; of a plain text one, under the name of its field in Vault. */
import type { RemoteSecret } from './remote-secret.ts';
import { readRemoteSecret } from './remote-secret.ts';
import type { Secret } from '../model/platform.ts';
import type { SecretValue } from '../model/secret-value.ts';

/** Empty where the operator cannot read it. */
export function valuesSeen(secret: Secret, value: SecretValue): ReadonlyMap<string, SecretValue> {
  return valuesOf(secret, readRemoteSecret(secret, value));
}

/** The same, where it is read already. */
export function valuesOf({ content }: Secret, remote: RemoteSecret): ReadonlyMap<string, SecretValue> {
  if (remote.kind === 'text') return new Map(content.kind === 'text' ? [[content.vaultProperty, remote.text]] : []);
  if (remote.kind !== 'present') return new Map();
  if (content.kind === 'fields') return remote.fields;
  const text = remote.fields.get(content.vaultProperty);
  return new Map(text === undefined ? [] : [[content.vaultProperty, text]]);
}
