// The peer of `bench -- migrate` that is a process for each secret: Microsoft's own SDK, which signs in, and one write.
import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { ClientSecretCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';

// Not every machine finds names below localhost.
dns.lookup = (_host, options, done) =>
  options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

const { vault, token, keyVault, authority, tenant, client, secret, name } = JSON.parse(readFileSync(0, 'utf8'));
const read = await globalThis.fetch(`${vault}/v1/secret/data/${name.path}`, { headers: { 'x-vault-token': token } });
const { data } = await read.json();
const credential = new ClientSecretCredential(tenant, client, secret, {
  authorityHost: authority,
  disableInstanceDiscovery: true,
});
const secrets = new SecretClient(keyVault, credential, { disableChallengeResourceVerification: false });
await secrets.setSecret(name.name, JSON.stringify(data.data));
