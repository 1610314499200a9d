/**
 * The embedded Azure under the names of the real one, for a lab's operator and no one else: login.microsoftonline.com and
 * <vault>.vault.azure.net on port 443 of one of the lab's addresses, with a name server on port 53 that knows
 * no other name. It takes root or `sysctl net.ipv4.ip_unprivileged_port_start=53`.
 * Tokens of the lab's ServiceAccounts are checked by the keys of its API server.
 */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createEmbeddedAzure } from '../../src/dev/azure/embedded-azure.ts';
import type { EmbeddedAzure } from '../../src/dev/azure/embedded-azure.ts';
import type { JwksKeys } from '../../src/dev/json-web-token.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { Pair } from './journey-values.ts';
import type { Lab } from './lab.ts';
import { startNoSuchHost } from './no-such-host.ts';

const tenantId = '00000000-0000-4000-8000-0000000000a0';
const operator = { clientId: '00000000-0000-4000-8000-0000000000a1', objectId: '00000000-0000-4000-8000-0000000000b1' };
/** As `operator`, with a federated credential for another audience. */
const misled = { clientId: '00000000-0000-4000-8000-0000000000a2', objectId: '00000000-0000-4000-8000-0000000000b2' };
const writer = { clientId: '00000000-0000-4000-8000-0000000000a3', objectId: '00000000-0000-4000-8000-0000000000b3' };

export type LabAzure = {
  readonly azure: EmbeddedAzure;
  /** AZURE_TENANT_ID and AZURE_CLIENT_ID, as the guide has them. */
  readonly variables: Readonly<Record<string, string>>;
  /** The same of an identity that Azure lets in for another audience only. */
  readonly variablesOfMisled: Readonly<Record<string, string>>;
  /** For `lab.startOperator`. */
  readonly operatorOptions: { readonly pinned: Readonly<Record<string, string>>; readonly caFile: string };
  /** Through the platform's own client, in the operator's view. @returns what the Key Vault holds then, by name */
  readonly write: (pairs: readonly Pair[]) => Promise<ReadonlyMap<string, SecretValue>>;
  readonly close: () => Promise<void>;
};

export async function startLabAzure(lab: Lab, vaultName: string): Promise<LabAzure> {
  const host = lab.loopback.address(2);
  const jwks = JSON.parse((await lab.kubernetes.get('/openid/v1/jwks')).text) as JwksKeys;
  const credential = {
    issuer: lab.kubernetes.issuer,
    subject: 'system:serviceaccount:external-secrets:external-secrets',
    jwks,
  };
  const reads = 'Key Vault Secrets User' as const;
  const azure = await createEmbeddedAzure({
    ...{ host, port: 443, tenantId, authorityHost: 'login.microsoftonline.com', vaultDomain: 'vault.azure.net' },
    identities: [
      { ...operator, federatedCredentials: [credential] },
      { ...misled, federatedCredentials: [{ ...credential, audiences: ['api://Other'] }] },
      writer,
    ],
    vaults: [
      {
        name: vaultName,
        roleAssignments: [
          { objectId: operator.objectId, role: reads },
          { objectId: misled.objectId, role: reads },
          { objectId: writer.objectId, role: 'Key Vault Secrets Officer' },
        ],
      },
    ],
  });
  const noSuchHost = await startNoSuchHost(lab.loopback.address(254));
  const caFile = path.join(lab.folder, 'azure-ca.crt');
  writeFileSync(caFile, azure.caCertificate);
  const names = ['login.microsoftonline.com', `${vaultName}.vault.azure.net`];
  const write: LabAzure['write'] = async (pairs) => {
    const clientSecret = azure.identities.find(({ clientId }) => clientId === writer.clientId)?.clientSecret?.reveal();
    const program = path.join(import.meta.dirname, 'write-key-vault.ts');
    const input = {
      vaultUrl: azure.vaultUrl(vaultName),
      tenantId,
      clientId: writer.clientId,
      clientSecret,
      caFile,
      pairs,
    };
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', program];
    const output = await runWithInput(lab.inView(node), JSON.stringify(input));
    return new Map((JSON.parse(output) as Pair[]).map(({ name, value }) => [name, new SecretValue(value)]));
  };
  return {
    azure,
    variables: { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: operator.clientId },
    variablesOfMisled: { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: misled.clientId },
    operatorOptions: { pinned: Object.fromEntries(names.map((name) => [name, host])), caFile },
    write,
    close: async () => {
      noSuchHost.close();
      await azure.close();
    },
  };
}

function runWithInput([program = '', ...args]: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${path.basename(args.at(-1) ?? '')}: ${stderr.trim()}`));
    });
    child.stdin?.end(input);
  });
}
