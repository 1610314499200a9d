/** The embedded Vault as seen by hvac (Python), hashicorp/vault/api (Go) and curl, each beside a server of its own. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { verifyByJwks } from '../../src/dev/vault/kubernetes-verifier.ts';
import { jwks, serviceAccountToken } from '../dev/vault-kubernetes-fixture.ts';
import { goProgramIn, pythonFolder, pythonIn } from './environments.ts';
import { assertNothingShown, readPrepared, runProgram } from './run-program.ts';

const { python, go } = readPrepared();

const programs: readonly (readonly [string, string, readonly string[]])[] = [
  ['hvac (Python)', pythonIn(python), [join(pythonFolder, 'vault.py')]],
  ['hashicorp/vault/api (Go)', goProgramIn(go, 'vault'), []],
  ['curl', process.execPath, [join(import.meta.dirname, 'curl', 'vault.ts')]],
];

describe('the embedded Vault, used by', { concurrency: 2 }, () => {
  for (const [name, command, args] of programs)
    it(name, async (t) => {
      const [canary, rootToken] = ['canary', 'root'].map(
        (part) => `example-${part}-${randomBytes(9).toString('hex')}`,
      ) as [string, string];
      const folder = await mkdtemp(join(tmpdir(), 'lockstep-clients-'));
      const vault = await createEmbeddedVault({ rootToken, kubernetes: verifyByJwks(jwks) });
      try {
        const [genuine, foreign] = [join(folder, 'token'), join(folder, 'other-audience')];
        await writeFile(genuine, serviceAccountToken(), { mode: 0o600 });
        await writeFile(foreign, serviceAccountToken({ audiences: ['example'] }), { mode: 0o600 });
        const env = {
          VAULT_ADDR: vault.url,
          VAULT_TOKEN: rootToken,
          UNSEAL_KEY: vault.unsealKey,
          CANARY: canary,
          KUBERNETES_TOKEN_FILE: genuine,
          OTHER_AUDIENCE_TOKEN_FILE: foreign,
        };
        const secrets = [canary, rootToken, vault.unsealKey];
        const answer = (question: string): void => {
          if (question !== 'answer 412 once' && question !== 'answer 500 once') throw new Error(`cannot ${question}`);
          const status = Number(question.split(' ')[1]);
          vault.faults.add({ effect: { kind: 'status', status }, path: 'secret/data/', times: 1 });
        };
        const printed = await runProgram(t, { command, args, env, answer, secrets });
        await t.test('no value and no credential shows up in what was printed or in the server’s log', () =>
          assertNothingShown(printed + JSON.stringify(vault.requests), secrets),
        );
      } finally {
        await vault.close();
        await rm(folder, { recursive: true });
      }
    });
});
