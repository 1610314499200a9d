/** Vault's own settings (sys/, auth/…/config, roles) by their paths. A thin layer on the client: what the paths mean is its caller's to know. */
import { PlatformError, UsageError } from '../../model/problem.ts';
import type { SecretValue } from '../../model/secret-value.ts';
import { asRecord, parseRecord } from './vault-answers.ts';
import type { VaultAnswer } from './vault-client.ts';
import { createVaultClient } from './vault-client.ts';
import { doubtful, VaultFault } from './vault-fault.ts';
import { encodePath } from './vault-path.ts';
import type { VaultSession } from './vault-session.ts';
import type { VaultSettings } from './vault-settings.ts';
import { normaliseAddress } from './vault-settings.ts';

type Data = Readonly<Record<string, unknown>>;

type Write = {
  readonly path: string;
  readonly fields: Data;
  readonly secrets?: Readonly<Record<string, SecretValue>>;
  readonly repeatable: boolean;
};

type Written =
  { readonly kind: 'written' } | { readonly kind: 'failed'; readonly because: string; readonly hint: string };

export type VaultAdministrationClient = {
  /** @returns `data` of the answer; undefined where there is nothing. @throws {PlatformError} */
  read(path: string): Promise<Data | undefined>;
  write(request: Write): Promise<Written>;
  /** @returns undefined where the token may not ask. @throws {PlatformError} */
  capabilities(paths: readonly string[]): Promise<Readonly<Record<string, readonly string[]>> | undefined>;
  close(): ReturnType<VaultSession['close']>;
};

/** Connects to nothing yet. @throws {UsageError} where the address cannot be one */
export function createVaultAdministration(
  settings: VaultSettings,
  now: () => number = Date.now,
): VaultAdministrationClient {
  const address = normaliseAddress(settings.address);
  if (address === undefined)
    throw new UsageError('The address of Vault is not one', 'Give one like https://vault.example.com:8200.');
  const client = createVaultClient({ ...settings, address }, now);

  const fail = (path: string, because: string, hint: string): never => {
    throw new PlatformError('VAULT', `Vault ${address}: could not read ${path}: ${because}`, hint);
  };

  async function ask(path: string, call: () => Promise<VaultAnswer>): Promise<VaultAnswer> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof VaultFault) fail(path, error.because, error.hint);
      throw error;
    }
  }

  return {
    async read(path) {
      const answer = await ask(path, () =>
        client.call({ method: 'GET', path: encodePath(path), repeatable: true }, undefined),
      );
      if (answer.status === 200) return readData(path, answer);
      if (answer.status === 404) return undefined;
      return answer.status === 403
        ? fail(path, 'it is not allowed', `Use a token with a policy that has "read" on ${path}.`)
        : fail(path, `Vault refuses that (${answer.status})`, 'Look at the log of Vault.');
    },

    async write({ path, fields, secrets = {}, repeatable }) {
      const revealed = Object.entries(secrets).map(([name, value]) => [name, value.reveal()] as const);
      const body = JSON.stringify({ ...fields, ...Object.fromEntries(revealed) });
      let answer: VaultAnswer;
      try {
        answer = await client.call({ method: 'POST', path: encodePath(path), body, repeatable }, undefined);
      } catch (error) {
        if (!(error instanceof VaultFault)) throw error;
        const { because, hint } = error.effect === 'unknown' ? doubtful(error) : error;
        return { kind: 'failed', because, hint };
      }
      if (answer.status === 200 || answer.status === 204) return { kind: 'written' };
      if (answer.status === 403)
        return { kind: 'failed', because: 'it is not allowed', hint: `Use a token that may write to ${path}.` };
      // Vault's own words may quote what was sent.
      return {
        kind: 'failed',
        because: `Vault refuses it (${answer.status})`,
        hint: `The log of Vault says why${reasons.find(([of]) => of.test(path))?.[1] ?? '.'}`,
      };
    },

    async capabilities(paths) {
      const path = 'sys/capabilities-self';
      const body = JSON.stringify({ paths });
      const answer = await ask(path, () => client.call({ method: 'POST', path, body, repeatable: true }, undefined));
      if (answer.status !== 200) return undefined;
      return Object.fromEntries(
        Object.entries(readData(path, answer)).map(([name, list]) => [
          name,
          Array.isArray(list) ? list.map(String) : [],
        ]),
      );
    },

    close: () => client.close(),
  };

  function readData(path: string, answer: VaultAnswer): Data {
    try {
      return asRecord(parseRecord(answer.text)) ?? {};
    } catch (error) {
      if (error instanceof VaultFault) return fail(path, error.because, error.hint);
      throw error;
    }
  }
}

/** The usual ones. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/^sys\/audit\//, ': usually it cannot write to that file. Its folder must be there on each Vault server.'],
  [
    /\/config$/,
    ': outside a pod it has no CA and no token of its own; and what is given as a CA must be a certificate.',
  ],
];
