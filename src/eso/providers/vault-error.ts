/** What the operator reports of an answer of Vault that is an error: vault/api ResponseError, and the operator's prefix. */
import { GoError } from '../go-error.ts';
import type { ProviderAnswer } from '../provider.ts';
import type { VaultProvider } from '../resources.ts';

/** @param path below /v1/. @param query without its question mark */
export function vaultError(
  { status, errors, namespace = '' }: Extract<ProviderAnswer, { kind: 'refused' }>,
  config: VaultProvider,
  path: string,
  query: string,
): GoError {
  const lines = [
    'cannot read secret data from Vault: Error making API request.',
    '',
    ...(namespace === '' || namespace === 'root/' ? [] : [`Namespace: ${namespace}`]),
    `URL: GET ${serverUrl(config.server)}/v1/${escapePath(path)}${query === '' ? '' : `?${query}`}`,
    `Code: ${String(status)}. Errors:`,
    '',
    errors.map((error) => `* ${error}`).join(''),
  ];
  return new GoError(lines.join('\n'), status === 403 ? 'forbidden' : 'provider');
}

function serverUrl(server: string): string {
  return server.replace(/\/+$/, '');
}

/** What net/url leaves as it is in a path. */
function escapePath(path: string): string {
  return encodeURI(path).replace(/[?#!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
