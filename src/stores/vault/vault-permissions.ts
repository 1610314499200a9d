/** What a token may do with one name, from `sys/capabilities-self`: which path and which capability of KV v2 each operation needs. */
import type { Permissions, StoreOperation } from '../contract.ts';
import { asRecord, parseRecord } from './vault-answers.ts';
import type { VaultClient } from './vault-client.ts';

type Capability = 'create' | 'read' | 'update' | 'list';

/** @returns `unknown` where the token may not even ask (it lacks the policy "default"). @throws {VaultFault} */
export async function readPermissions(
  client: VaultClient,
  mount: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Permissions> {
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  const [data, key, listing] = [`${mount}/data/${name}`, `${mount}/metadata/${name}`, `${mount}/metadata/${folder}`];
  const [deletion, recovery] = [`${mount}/delete/${name}`, `${mount}/undelete/${name}`];
  // create for a name that is new, update for one that is not: both, for who asks cannot know which it will be.
  const needs: Readonly<Record<StoreOperation, readonly (readonly [path: string, capability: Capability])[]>> = {
    list: [
      [listing, 'list'],
      [key, 'read'],
    ],
    listDeleted: [
      [listing, 'list'],
      [key, 'read'],
    ],
    read: [[data, 'read']],
    versions: [[key, 'read']],
    write: [
      [data, 'create'],
      [data, 'update'],
    ],
    writeMetadata: [
      [key, 'read'],
      [key, 'update'],
    ],
    delete: [
      [key, 'read'],
      [deletion, 'update'],
    ],
    recover: [
      [key, 'read'],
      [recovery, 'update'],
    ],
  };
  const body = JSON.stringify({ paths: [data, key, listing, deletion, recovery] });
  const answer = await client.call({ method: 'POST', path: 'sys/capabilities-self', body, repeatable: true }, signal);
  if (answer.status !== 200) return { kind: 'unknown' };
  const told = asRecord(parseRecord(answer.text)) ?? {};
  const may = (path: string, capability: Capability): boolean => {
    const list = told[path];
    return Array.isArray(list) && (list.includes('root') || (list.includes(capability) && !list.includes('deny')));
  };
  const allowed = (Object.keys(needs) as StoreOperation[]).filter((operation) =>
    needs[operation].every(([path, capability]) => may(path, capability)),
  );
  return { kind: 'known', allowed: new Set(allowed) };
}
