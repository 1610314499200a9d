/** Run in the operator's view, where the Key Vault has its real name: writes what standard input says, and gives back what is read then. */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { SecretValue } from '../../src/model/secret-value.ts';
import { createKeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import type { Pair } from './journey-values.ts';
import { writeAll } from './journey-values.ts';

type Input = {
  readonly vaultUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly caFile: string;
  readonly pairs: readonly Pair[];
};

const { vaultUrl, caFile, pairs, clientSecret, ...identity } = JSON.parse(await text(process.stdin)) as Input;
const store = createKeyVaultStore({
  vaultUrl,
  auth: { kind: 'client-secret', ...identity, clientSecret: new SecretValue(clientSecret) },
  tls: { ca: readFileSync(caFile, 'utf8') },
});
try {
  const held = [...(await writeAll(store, pairs))].map(([name, value]): Pair => ({ name, value: value.reveal() }));
  process.stdout.write(JSON.stringify(held));
} finally {
  await store.close();
}
