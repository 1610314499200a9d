import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import type { EmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { DevServers } from '../fixtures/dev-servers.ts';
import { checkout, Repository } from '../fixtures/repository.ts';

const schemaText = readFileSync(path.join(checkout, 'docs/reference/output.schema.json'), 'utf8');
const open = new Ajv2020({ strictTypes: false }).compile(JSON.parse(schemaText) as object);
/** Every object knows only what is described: a property that is printed and not documented is found. */
const closed = new Ajv2020({ strictTypes: false, strictRequired: false }).compile(
  close(JSON.parse(schemaText)) as object,
);

function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (typeof schema !== 'object' || schema === null) return schema;
  const node = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, close(value)]));
  return node['type'] === 'object' && node['properties'] !== undefined
    ? { ...node, additionalProperties: false }
    : node;
}

describe('the JSON document', () => {
  let vault: EmbeddedVault;
  before(async () => {
    vault = await createEmbeddedVault();
  });
  after(() => vault.close());

  const runs: Record<string, { args: string[]; variables?: Record<string, string>; status: number; items: boolean }> = {
    'of start': { args: ['start'], status: 0, items: true },
    'of synth': { args: ['synth'], status: 0, items: true },
    'of synth, wrong': { args: ['synth', '--environment', 'production'], status: 1, items: false },
    'of check': { args: ['check'], status: 0, items: true },
    'of check, wrong': { args: ['check'], variables: { AZURE_CLIENT_ID: '' }, status: 1, items: false },
    'of bootstrap-vault, planned': { args: ['bootstrap-vault', '--plan'], status: 1, items: true },
    'of bootstrap-vault': { args: ['bootstrap-vault', '--yes'], status: 0, items: true },
    'of bootstrap-vault, differing': {
      args: ['bootstrap-vault', '--yes', '--kubernetes-host', 'https://other'],
      status: 1,
      items: true,
    },
    'of bootstrap-vault, forbidden': {
      args: ['bootstrap-vault'],
      variables: { VAULT_TOKEN: 'none' },
      status: 2,
      items: false,
    },
    'of docs': { args: ['docs', '--verify'], status: 0, items: true },
    'of a wrong option': { args: ['synth', '--enviroment', 'dev'], status: 2, items: false },
    'of a wrong command': { args: ['snyth'], status: 2, items: false },
  };
  for (const [name, { args, variables, status, items }] of Object.entries(runs))
    it(`${name} is what docs/reference/output.schema.json says`, async () => {
      using repository = new Repository();
      for (const file of ['README.md', 'docs'])
        cpSync(path.join(checkout, file), path.join(repository.root, file), { recursive: true });
      const reach = { VAULT_ADDR: vault.url, VAULT_TOKEN: vault.rootToken };
      const run = await repository.runBeside([...args, '--output', 'json'], { ...reach, ...variables });
      assert.equal(run.status, status, run.stdout + run.stderr);
      const document = JSON.parse(run.stdout) as { items: unknown[] };
      assert.equal(document.items.length > 0, items);
      assert.ok(open(document), JSON.stringify(open.errors));
      assert.ok(closed(document), JSON.stringify(closed.errors));
    });

  it('of dev is what docs/reference/output.schema.json says, in one line', async () => {
    using repository = new Repository();
    await using servers = await DevServers.start(repository, ['--seed']);
    assert.match(servers.shown, /^\{.*\}\n$/);
    assert.equal(servers.document.items.length, 2);
    assert.ok(open(servers.document), JSON.stringify(open.errors));
    assert.ok(closed(servers.document), JSON.stringify(closed.errors));
  });

  it('is not just anything', () => {
    const document = {
      schemaVersion: 1,
      command: 'check',
      environment: 'dev',
      environments: ['dev'],
      startedAt: '2026-01-01T00:00:00.000Z',
      outcome: 'clean',
      items: [],
      problems: [],
    };
    assert.ok(open(document));
    for (const wrong of [
      { outcome: 'ok' },
      { schemaVersion: 2 },
      { items: [{ environment: 'dev' }] },
      { problems: [{ code: 'C001' }] },
      { environment: 1 },
    ])
      assert.ok(!open({ ...document, ...wrong }), JSON.stringify(wrong));
    assert.ok(open({ ...document, later: true }));
  });
});
