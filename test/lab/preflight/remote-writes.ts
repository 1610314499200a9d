/** Puts the remote secrets of cases into the lab's Vault and Key Vaults, past the platform's own adapters. */
import { readFileSync } from 'node:fs';
import { inTurn } from './apply.ts';
import { fillIn, remoteKey } from './case.ts';
import type { Case, RemoteSecret } from './case.ts';
import { keyVaults } from './preflight-lab.ts';
import type { PreflightLab } from './preflight-lab.ts';

/** What is there then, with what only the store could tell. */
export type WrittenSecret = RemoteSecret & {
  readonly key: string;
  /** Key Vault: the ids of its versions, oldest first. */
  readonly versions: readonly string[];
  /** Key Vault: what the operator is told of it, where it may not read it. */
  readonly refusal?: { readonly code: string; readonly message: string; readonly inner?: string };
};

/** Or why not: a store takes not every value. */
export type Written = readonly WrittenSecret[] | { readonly refused: string };

export async function writeRemote(
  preflight: PreflightLab,
  cases: readonly Case[],
): Promise<ReadonlyMap<string, Written>> {
  const all = cases.flatMap((one) => one.remote.map((secret) => ({ one, secret: fillIn(one, secret) })));
  const written = await inTurn(all, async ({ one, secret }) => {
    const key = remoteKey(one, secret);
    const { place } = secret;
    const how = place === 'vault' || place === 'vault-v1' ? writeToVault : writeToKeyVault;
    try {
      return { id: one.id, secret: await how(preflight, key, secret) };
    } catch (error) {
      return { id: one.id, refused: error instanceof Error ? error.message : String(error) };
    }
  });
  const byCase = Map.groupBy(written, ({ id }) => id);
  return new Map(
    cases.map(({ id }): [string, Written] => {
      const own = byCase.get(id) ?? [];
      const [refused] = own.flatMap((one) => one.refused ?? []);
      return [id, refused === undefined ? own.flatMap((one) => one.secret ?? []) : { refused }];
    }),
  );
}

async function writeToVault({ lab }: PreflightLab, key: string, secret: RemoteSecret): Promise<WrittenSecret> {
  const { place, value, older = [], tags, state } = secret;
  const token = readFileSync(lab.vault.rootTokenFile, 'utf8');
  // The text as it is: JSON.parse would lose digits.
  const send = async (method: string, path: string, body?: string): Promise<string> => {
    const sent = { method, headers: { 'X-Vault-Token': token }, ...(body !== undefined && { body }) };
    const answer = await fetch(`${lab.vault.url}/v1/${path}`, sent);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Vault: ${method} ${path}: ${answer.status} ${text} for ${body ?? ''}`);
    return text;
  };
  const held: string[] = [];
  if (place === 'vault-v1') {
    await send('POST', `kv1/${key}`, value);
    held.push(between(await send('GET', `kv1/${key}`), '"data":', ',"wrap_info":'));
  } else
    for (const one of [...older, value]) {
      await send('POST', `secret/data/${key}`, `{"data":${one}}`);
      held.push(between(await send('GET', `secret/data/${key}`), '"data":{"data":', ',"metadata":{"created_time":'));
    }
  if (tags !== undefined) await send('POST', `secret/metadata/${key}`, JSON.stringify({ custom_metadata: tags }));
  if (state === 'deleted') await send('DELETE', place === 'vault' ? `secret/data/${key}` : `kv1/${key}`);
  return { ...secret, key, versions: [], value: held.at(-1) ?? '', older: held.slice(0, -1) };
}

/** What Vault makes of a value is not what was written: it keeps numbers as float64, so 1.50 becomes 1.5 and 1e21 becomes 1e+21. */
function between(text: string, before: string, after: string): string {
  return text.slice(text.indexOf(before) + before.length, text.lastIndexOf(after));
}

async function writeToKeyVault(preflight: PreflightLab, key: string, secret: RemoteSecret): Promise<WrittenSecret> {
  const { place, value, older = [], tags, state } = secret;
  const vaultName = keyVaults[place as keyof typeof keyVaults];
  const admin = preflight.azure.admin(vaultName);
  const seed = { ...(tags !== undefined && { tags }), enabled: state !== 'disabled' };
  const versions = [...older, value].map((text, index) =>
    admin.set(key, { value: text, ...(index === older.length ? seed : {}) }),
  );
  if (state === 'deleted') await preflight.deleteSecret(vaultName, key);
  if (place !== 'key-vault-denied') return { ...secret, key, versions };
  const answer = await preflight.askAsOperator(vaultName, `/secrets/${key}?api-version=7.0`);
  const { error } = JSON.parse(answer) as { error: { code: string; message: string; innererror?: { code: string } } };
  const { code, message, innererror } = error;
  return { ...secret, key, versions, refusal: { code, message, ...(innererror && { inner: innererror.code }) } };
}
