/** What the tests of the contract share: one store under test, and names and values that suit it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { quoteText, renderFields } from '../../src/model/secret-text.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { SecretStore, StoreCapabilities, Version, WriteOutcome } from '../../src/stores/contract.ts';

export class StoreCase {
  readonly title: string;
  readonly capabilities: StoreCapabilities;
  /** May be the same store each time: every test uses names of its own. */
  readonly create: () => Promise<SecretStore>;

  constructor(title: string, capabilities: StoreCapabilities, create: () => Promise<SecretStore>) {
    this.title = title;
    this.capabilities = capabilities;
    this.create = create;
  }

  /** The options of a test that needs something: skipped, with the reason, where the store has it not. */
  needs(is: boolean): { skip: string | false } {
    return { skip: is ? false : `unsupported by ${this.title}` };
  }

  newName(): string {
    return `example-${randomBytes(8).toString('hex')}`;
  }

  newPrefix(): string {
    return `${this.newName()}${this.capabilities.folders ? '/' : '-'}`;
  }

  valueOf(text: string): SecretValue {
    return new SecretValue(
      this.capabilities.holds === 'text' ? text : renderFields([{ name: 'value', raw: quoteText(text) }]),
    );
  }

  get unknownVersion(): Version {
    return (this.capabilities.numberedVersions ? '7' : '0'.repeat(32)) as Version;
  }
}

export function written(outcome: WriteOutcome): Version {
  if (outcome.kind !== 'written') assert.fail(`not written: ${outcome.kind}`);
  return outcome.version;
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

export async function namesIn(store: SecretStore, prefix = ''): Promise<string[]> {
  return (await collect(store.list({ prefix }))).map(({ name }) => name);
}
