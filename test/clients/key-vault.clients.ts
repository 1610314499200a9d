/** The embedded Key Vault and its token service as seen by Azure's own clients, each beside a server of its own. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createEmbeddedAzure } from '../../src/dev/azure/embedded-azure.ts';
import type { EmbeddedAzure } from '../../src/dev/azure/embedded-azure.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { jwks, serviceAccountToken } from '../dev/vault-kubernetes-fixture.ts';
import { goProgramIn, pythonFolder, pythonIn } from './environments.ts';
import { assertNothingShown, readPrepared, runProgram } from './run-program.ts';

const { python, go } = readPrepared();
const javascript = join(import.meta.dirname, 'javascript');

const programs: readonly (readonly [string, string, readonly string[]])[] = [
  [
    '@azure/keyvault-secrets and @azure/identity (JavaScript)',
    process.execPath,
    ['--import', join(javascript, 'local-names.ts'), join(javascript, 'key-vault.ts')],
  ],
  ['azure-keyvault-secrets and azure-identity (Python)', pythonIn(python), [join(pythonFolder, 'key_vault.py')]],
  ['azsecrets and azidentity (Go)', goProgramIn(go, 'keyvault'), []],
];

const guid = (end: string): string => `00000000-0000-4000-8000-${end.padStart(12, '0')}`;
const [app, stranger, reader] = ['a1', 'a2', 'a3'].map((end) => ({
  clientId: guid(end),
  objectId: guid(`0${end}`),
})) as [Application, Application, Application];
type Application = { readonly clientId: string; readonly objectId: string };

const federated = {
  issuer: 'https://kubernetes.default.svc.cluster.local',
  subject: 'system:serviceaccount:external-secrets:external-secrets',
  audiences: ['api://AzureADTokenExchange'],
  jwks,
};

function startAzure(clientSecret: string): Promise<EmbeddedAzure> {
  const roleAssignments = [
    { objectId: app.objectId, role: 'Key Vault Secrets Officer' },
    { objectId: reader.objectId, role: 'Key Vault Reader' },
  ] as const;
  const secret = { clientSecret: new SecretValue(clientSecret) };
  return createEmbeddedAzure({
    tenantId: guid('1'),
    vaults: [
      { name: 'main-vault', roleAssignments },
      { name: 'protected', purgeProtection: true, retentionDays: 7, roleAssignments },
      { name: 'slow-vault', deletionLagMs: 1500, recoveryLagMs: 1500, roleAssignments },
    ],
    identities: [
      { ...app, ...secret, federatedCredentials: [federated] },
      { ...stranger, ...secret },
      { ...reader, ...secret },
    ],
  });
}

function answerOf({ faults }: EmbeddedAzure): (question: string) => void {
  return (question) => {
    if (question !== 'throttle once') throw new Error(`cannot ${question}`);
    const effect = { kind: 'status', status: 429, headers: { 'Retry-After': '1' } } as const;
    faults.add({ effect, path: 'main-vault', times: 1 });
  };
}

/** What the programs must know; the names are those that Azure's clients read themselves, where there are such. */
async function environmentFor(azure: EmbeddedAzure, folder: string): Promise<Record<string, string>> {
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const authorities = await file('ca.pem', azure.caCertificate);
  const { audiences } = federated;
  return {
    AZURE_AUTHORITY_HOST: azure.authorityUrl,
    AZURE_TENANT_ID: azure.tenantId,
    AZURE_CLIENT_ID: app.clientId,
    AZURE_FEDERATED_TOKEN_FILE: await file('token', serviceAccountToken({ audiences })),
    OTHER_SUBJECT_TOKEN_FILE: await file('other-subject', serviceAccountToken({ audiences, name: 'example' })),
    STRANGER_CLIENT_ID: stranger.clientId,
    READER_CLIENT_ID: reader.clientId,
    MAIN_VAULT_URL: azure.vaultUrl('main-vault'),
    PROTECTED_VAULT_URL: azure.vaultUrl('protected'),
    SLOW_VAULT_URL: azure.vaultUrl('slow-vault'),
    NODE_EXTRA_CA_CERTS: authorities,
    SSL_CERT_FILE: authorities,
    REQUESTS_CA_BUNDLE: authorities,
  };
}

describe('the embedded Key Vault, used by', { concurrency: 3 }, () => {
  for (const [name, command, args] of programs)
    it(name, async (t) => {
      const canary = `example-canary-${randomBytes(9).toString('hex')}`;
      const clientSecret = `example-secret-${randomBytes(9).toString('hex')}`;
      const folder = await mkdtemp(join(tmpdir(), 'lockstep-clients-'));
      const azure = await startAzure(clientSecret);
      try {
        const known = await environmentFor(azure, folder);
        const env = { ...known, AZURE_CLIENT_SECRET: clientSecret, CANARY: canary };
        const secrets = [canary, clientSecret];
        const printed = await runProgram(t, { command, args, env, secrets, answer: answerOf(azure) });
        await t.test('no value and no credential shows up in what was printed or in the server’s log', () =>
          assertNothingShown(printed + JSON.stringify(azure.requests), secrets),
        );
      } finally {
        await azure.close();
        await rm(folder, { recursive: true });
      }
    });
});
