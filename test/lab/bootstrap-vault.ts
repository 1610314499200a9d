/** What `npm run bootstrap-vault` must be told in a lab. In a cluster, where Vault has its Pod's view, it needs nothing. */
import { readFileSync } from 'node:fs';
import type { Run } from '../fixtures/repository.ts';
import type { Journey } from './journey.ts';
import type { Lab } from './lab.ts';

/** Runs it as root. The lab's own audit device counts as one of the two. */
export function bootstrapVault({ vault, kubernetes }: Lab, { repository }: Journey, ...args: readonly string[]): Run {
  const audit = ['--audit', vault.auditLog, 'stdout'];
  // As for any Vault outside the cluster.
  const host = ['--kubernetes-host', kubernetes.server, '--kubernetes-ca', kubernetes.caFile];
  const variables = { VAULT_ADDR: vault.url, VAULT_TOKEN: readFileSync(vault.rootTokenFile, 'utf8') };
  return repository.run(['bootstrap-vault', ...audit, ...(kubernetes.given ? host : []), ...args], {
    ...variables,
    HOME: repository.root,
  });
}
