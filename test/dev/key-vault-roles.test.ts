/** Each role at each operation, and that the answer to who may not is the same whether the secret is there. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KeyVaultOperation, KeyVaultRole, RoleAssignment } from '../../src/dev/key-vault/key-vault-core.ts';
import { createTestVault, errorOf, tenantId } from './key-vault-fixture.ts';
import type { Ask } from './key-vault-fixture.ts';

/** On `live`, which is there, `deleted`, which is deleted, and a backup of one that is not there. */
const requests: Readonly<Record<KeyVaultOperation, Ask>> = {
  SecretGet: { path: '/secrets/live' },
  SecretSet: { method: 'PUT', path: '/secrets/live', body: { value: 'v' } },
  SecretUpdate: { method: 'PATCH', path: '/secrets/live', body: {} },
  SecretDelete: { method: 'DELETE', path: '/secrets/live' },
  SecretList: { path: '/secrets' },
  SecretListVersions: { path: '/secrets/live/versions' },
  SecretBackup: { method: 'POST', path: '/secrets/live/backup' },
  SecretRestore: { method: 'POST', path: '/secrets/restore' },
  SecretGetDeleted: { path: '/deletedsecrets/deleted' },
  SecretListDeleted: { path: '/deletedsecrets' },
  SecretRecover: { method: 'POST', path: '/deletedsecrets/deleted/recover' },
  SecretPurge: { method: 'DELETE', path: '/deletedsecrets/deleted' },
};
const operations = Object.keys(requests) as KeyVaultOperation[];
const reads: readonly KeyVaultOperation[] = [
  'SecretList',
  'SecretListVersions',
  'SecretGetDeleted',
  'SecretListDeleted',
];

function allowed(assignments: readonly Omit<RoleAssignment, 'objectId'>[]): KeyVaultOperation[] {
  return operations.filter((operation) => {
    const roleAssignments = assignments.map((assignment) => ({ objectId: 'Someone', ...assignment }));
    const { core, ask } = createTestVault({ vault: { roleAssignments } });
    for (const name of ['live', 'deleted', 'restored']) core.admin('contoso').set(name, { value: 'v' });
    const { value } = ask({ method: 'POST', path: '/secrets/restored/backup' }).json;
    ask({ method: 'DELETE', path: '/secrets/deleted' });
    ask({ method: 'DELETE', path: '/secrets/restored' });
    ask({ method: 'DELETE', path: '/deletedsecrets/restored' });
    const asked = { ...requests[operation], ...(operation === 'SecretRestore' && { body: { value } }) };
    // An object's id has no case.
    const answer = ask({ ...asked, who: 'sOMEONE' });
    if (answer.status === 403) assert.equal(errorOf(answer), '403 Forbidden ForbiddenByRbac');
    else assert.ok(answer.status < 300, `${operation}: ${answer.status}`);
    return answer.status !== 403;
  });
}

describe('a role on the vault', () => {
  const roles: readonly (readonly [KeyVaultRole, readonly KeyVaultOperation[]])[] = [
    ['Key Vault Administrator', operations],
    ['Key Vault Secrets Officer', operations],
    ['Key Vault Secrets User', ['SecretGet', ...reads]],
    ['Key Vault Reader', reads],
    ['Key Vault Contributor', []],
    ['Key Vault Crypto Service Encryption User', []],
    ['Key Vault Data Access Administrator', []],
    ['Key Vault Purge Operator', []],
    [{ actions: ['getSecret/action', 'setSecret/action'] }, ['SecretGet', 'SecretSet']],
    [{ actions: ['update/action'] }, ['SecretUpdate']],
    [{ actions: ['delete'] }, ['SecretDelete']],
    [{ actions: ['recover/action'] }, ['SecretRecover']],
    [{ actions: ['purge/action'] }, ['SecretPurge']],
    [{ actions: ['backup/action'] }, ['SecretBackup']],
    [{ actions: ['restore/action'] }, ['SecretRestore']],
  ];
  for (const [role, may] of roles)
    it(typeof role === 'string' ? role : role.actions.join(', '), () =>
      assert.deepEqual(allowed([{ role }]).toSorted(), may.toSorted()),
    );
  it('adds to another', () =>
    assert.deepEqual(
      allowed([{ role: 'Key Vault Reader' }, { role: { actions: ['purge/action'] } }]).toSorted(),
      [...reads, 'SecretPurge'].toSorted(),
    ));
});

describe('a role on one secret', () => {
  it('is one on that secret, in any case, and none on the lists', () =>
    assert.deepEqual(allowed([{ role: 'Key Vault Secrets User', secret: 'LIVE' }]), [
      'SecretGet',
      'SecretListVersions',
    ]));
  it('is none on another', () => assert.deepEqual(allowed([{ role: 'Key Vault Administrator', secret: 'liv' }]), []));
});

describe('who may not', () => {
  const { core, ask } = createTestVault();
  core.admin('contoso').set('there', { value: 'v' });

  it('is told so before anything is looked at', () => {
    const paths = ['/secrets/there', '/secrets/none', '/secrets/a_b', '/secrets?maxresults=0'];
    assert.deepEqual(
      paths.map((path) => errorOf(ask({ path, who: 'nobody' }))),
      paths.map(() => '403 Forbidden ForbiddenByRbac'),
    );
  });
  it('is told who and what, in the words of the service', () =>
    assert.equal(
      ask({ path: '/secrets/there', who: 'nobody' }).json.error?.message,
      `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: appid=app-of-nobody;oid=nobody;iss=https://sts.windows.net/${tenantId}/\r\nAction: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\nResource: '/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/lockstep/providers/microsoft.keyvault/vaults/Contoso/secrets/there'\r\nAssignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: null \r\nVault: Contoso;location=westeurope\r\n`,
    ));
  it('has no role in another vault', () => {
    const { ask: askOther } = createTestVault({
      vault: { roleAssignments: [{ objectId: 'a', role: 'Key Vault Reader' }] },
    });
    assert.equal(askOther({ path: '/secrets', who: 'a' }).status, 200);
    assert.equal(askOther({ path: '/secrets', who: 'a', vault: 'other' }).status, 403);
  });
});
