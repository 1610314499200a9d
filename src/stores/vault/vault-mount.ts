/** Whether the mount is what it must be: KV v2. Asked once, before the first request: KV v1 would take `data/…` for a name and write it. */
import { asRecord, parseRecord } from './vault-answers.ts';
import type { VaultAnswer, VaultClient } from './vault-client.ts';
import { finalFault } from './vault-fault.ts';
import type { VaultFault } from './vault-fault.ts';
import { encodePath } from './vault-path.ts';

/**
 * `sys/internal/ui/mounts/` answers every token that may do anything below the mount, without a policy for it; others get a 403, and so does
 * everybody where nothing is mounted.
 *
 * @returns `closed` where the token may do nothing below the mount
 * @throws {VaultFault} where it is something else, or nothing
 */
export async function checkMount(client: VaultClient, mount: string): Promise<'open' | 'closed'> {
  const path = encodePath(mount);
  const get = (what: string): Promise<VaultAnswer> =>
    client.call({ method: 'GET', path: what, repeatable: true }, undefined);
  const answer = await get(`sys/internal/ui/mounts/${path}`);
  if (answer.status === 200) {
    checkFacts(parseRecord(answer.text), mount);
    return 'open';
  }
  // With a token that may ask for everything: there is no such mount, where one with fewer rights is only told that it may not.
  const config = await get(`${path}/config`);
  if (isNoMount(config)) throw noMount(mount);
  return config.status === 200 && 'max_versions' in parseRecord(config.text) ? 'open' : 'closed';
}

export function isNoMount(answer: VaultAnswer): boolean {
  return answer.status === 404 && answer.errors.some((text) => text.includes('no handler for route'));
}

export function noMount(mount: string): VaultFault {
  return finalFault(
    `nothing is mounted at ${mount}/`,
    `Correct the mount (vault secrets list), or enable it: vault secrets enable -path=${mount} kv-v2`,
  );
}

function checkFacts(facts: Readonly<Record<string, unknown>>, mount: string): void {
  const { type, path } = facts;
  if (type !== 'kv' && type !== 'generic')
    throw finalFault(`what is mounted at ${mount}/ is not a KV store`, 'Correct the mount: vault secrets list');
  if (typeof path === 'string' && path !== `${mount}/`)
    throw finalFault(
      `the mount is ${path.replace(/\/$/, '')}, and not ${mount}`,
      'Give the mount alone; what follows it belongs to the paths of the secrets.',
    );
  if (asRecord(facts['options'])?.['version'] !== '2')
    throw finalFault(
      `${mount}/ is a KV v1 mount, which keeps no versions: nothing could be compared before it is overwritten, or recovered`,
      `Upgrade it (vault kv enable-versioning ${mount}), or use another: vault secrets enable -path=NAME kv-v2`,
    );
}
