/** What the journeys put into the stores: made-up values for the whole catalog, some of them with what is easily lost on the way. */
import type { Platform, Secret } from '../../src/model/platform.ts';
import { remoteKey } from '../../src/model/platform.ts';
import type { StoreName } from '../../src/model/configuration.ts';
import { quoteText, renderFields } from '../../src/model/secret-text.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { SecretStore } from '../../src/stores/contract.ts';
import { seedSecret } from '../../src/start/seed.ts';

/** Both stores bring these to the same bytes. NOT_DECLARED is in no target. */
export const awkward = {
  SLACK_BOT_TOKEN: 'two lines\nand one that ends\n',
  SLACK_APP_TOKEN: '"quoted" \\ <&> \u2028 zażółć 🔑',
  SLACK_SIGNING_SECRET: '{{ .SLACK_TEAM_ID }} $(HOME) %s',
  SLACK_CLIENT_SECRET: '  spaces and a tab\t',
  SLACK_TEAM_ID: 'null',
  NOT_DECLARED: 'stays in the store',
} as const;
/** What is no string, which each store reads in its own way: Key Vault keeps the text, Vault does not. */
const others = { ARGOCD_TOKEN: '{ "a": [1,  2] }', ARGOCD_API_URL: '12345678', ARGOCD_VERIFY_SSL: 'true' } as const;

export function journeyValue(secret: Secret, holds: 'fields' | 'text', kinds: 'strings' | 'all'): SecretValue {
  const render = (fields: Readonly<Record<string, string>>, quote: (text: string) => string): SecretValue =>
    new SecretValue(renderFields(Object.entries(fields).map(([name, text]) => ({ name, raw: quote(text) }))));
  if (secret.name === 'slack') return render(awkward, quoteText);
  if (secret.name === 'argocd' && kinds === 'all') return render(others, (text) => text);
  return seedSecret(secret, holds);
}

/** The name in a store, and what to put there. */
export type Pair = { readonly name: string; readonly value: string };

export function pairsOf(platform: Platform, store: StoreName, kinds: 'strings' | 'all'): Pair[] {
  const holds = store === 'vault-secret-store' ? 'fields' : 'text';
  return platform.secrets.map((secret) => ({
    name: remoteKey({ ...secret, store }),
    value: journeyValue(secret, holds, kinds).reveal(),
  }));
}

/** Through the client of the platform, guarded: there is nothing yet. @returns what it holds then, by name */
export async function writeAll(store: SecretStore, pairs: readonly Pair[]): Promise<ReadonlyMap<string, SecretValue>> {
  const held = new Map<string, SecretValue>();
  for (const { name, value } of pairs) {
    const written = await store.write(name, new SecretValue(value), { expected: 'absent' });
    if (written.kind !== 'written') throw new Error(`${name} was not written: ${written.kind}`);
    const read = await store.read(name);
    if (read.kind !== 'present') throw new Error(`${name} is ${read.kind} after it was written`);
    held.set(name, read.value);
  }
  return held;
}
