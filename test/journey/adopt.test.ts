import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { externalSecret, externalSecrets, stores } from '../adopt/foreign-platform.ts';
import { ask } from '../dev/vault-client.ts';
import { Repository } from '../fixtures/repository.ts';

const entries = externalSecrets['one entry for each key, with other names'];
const extract = externalSecrets['all fields by extract'];
const find = externalSecret('found', 'dataFrom: [{find: {name: {regexp: .*}}}]');

function begin(...manifests: readonly string[]): Repository {
  const repository = new Repository();
  repository.write('platform.yaml', [stores, ...manifests].join('---\n'));
  return repository;
}

describe('npm run adopt', () => {
  it('prints what config/ would be, how many reads it saves, and what is left with the reason', () => {
    using repository = begin(entries, extract, find);
    const { status, stdout } = repository.run(['adopt', 'platform.yaml']);
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^\/\/ config\/applications\.ts\nimport \{ defineApplications \} from '\.\.\/src\/model\/define';\n/,
    );
    assert.match(
      stdout,
      /\nAdopted, with the same Secrets:\n {2}✓ shop\/database {2}secret database {2}3 reads → 1\nLeft as they are:\n/,
    );
    assert.match(stdout, / {2}! shop\/found {2}it finds secrets by name or tag {3}M112 {2}\(platform\.yaml:\d+\)\n/);
    assert.match(stdout, /\n1 of 3 ExternalSecrets; 5 reads → 3 per refresh of all\.\n/);
  });

  it('writes files that check, type and synth take in the place of config/', () => {
    using repository = begin(...Object.values(externalSecrets));
    const { status, stdout } = repository.run(['adopt', 'platform.yaml', '--into', 'config']);
    assert.equal(status, 2, stdout);
    for (const name of ['applications', 'secrets', 'environments', 'ai-platform-azure-config'])
      repository.write(`config/${name}.ts`, '');
    const written = repository.run(['adopt', 'platform.yaml', '--into', 'adopted']);
    assert.match(written.stdout, /\n✓ wrote adopted\/applications\.ts, secrets\.ts and environments\.ts\n/);
    for (const name of ['applications', 'secrets', 'environments'])
      repository.write(`config/${name}.ts`, repository.read(`adopted/${name}.ts`));
    const check = repository.run(['check']);
    assert.equal(check.status, 0, check.stdout);
    assert.equal(repository.run(['synth']).status, 0);
    assert.ok(Object.keys(repository.tree('dist')).some((file) => file.includes('database-credentials')));
  });

  it('does not overwrite what was changed since, and writes the same again', () => {
    using repository = begin(entries);
    assert.equal(repository.run(['adopt', 'platform.yaml', '--into', 'adopted']).status, 0);
    assert.equal(repository.run(['adopt', 'platform.yaml', '--into', 'adopted']).status, 0);
    repository.edit('adopted/secrets.ts', "description: 'user'", "description: 'The user'");
    const { status, stderr } = repository.run(['adopt', 'platform.yaml', '--into', 'adopted']);
    assert.equal(status, 2);
    assert.match(stderr, /^adopted\/secrets\.ts is there already, and says something else\n/);
    assert.match(repository.read('adopted/secrets.ts'), /The user/);
  });

  it('reads a Vault for the names of fields, and shows no value of it', async () => {
    using repository = begin(entries, extract);
    const vault = await createEmbeddedVault({ mounts: ['kv'] });
    try {
      for (const [name, data] of [
        ['database', { user: 'example-user', password: 'example-hidden' }],
        ['settings', { LOG_LEVEL: 'example-hidden', PORT: 5432 }],
      ] as const)
        await ask(vault, { method: 'POST', path: `kv/data/shop/${name}`, body: { data } });
      const variables = { VAULT_ADDR: vault.url, VAULT_TOKEN: vault.rootToken, HOME: repository.root };
      const args = ['adopt', 'platform.yaml', '--into', 'adopted', '--read-stores'];
      const { status, stdout, stderr } = await repository.runBeside(args, variables);
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout, /\n2 of 2 ExternalSecrets; 4 reads → 2 per refresh of all\.\n/);
      assert.match(
        repository.read('adopted/secrets.ts'),
        /LOG_LEVEL: \{ description: 'LOG_LEVEL', format: 'text', required: false \}/,
      );
      assert.ok(!(stdout + stderr + repository.read('adopted/secrets.ts')).includes('example-hidden'));
    } finally {
      await vault.close();
    }
  });

  it('reads a cluster through kubectl', { skip: process.platform === 'win32' && 'needs a POSIX shell' }, () => {
    using repository = begin(entries);
    const bin = path.join(repository.root, 'bin');
    mkdirSync(bin);
    const script = `#!/bin/sh\ncase "$3" in serviceaccounts) echo forbidden >&2; exit 1;; esac\ncat platform.yaml\n`;
    writeFileSync(path.join(bin, 'kubectl'), script);
    chmodSync(path.join(bin, 'kubectl'), 0o755);
    const variables = { PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` };
    const { status, stdout } = repository.run(['adopt', '--kubeconfig', 'k', '--output', 'json'], variables);
    assert.equal(status, 0, stdout);
    assert.partialDeepStrictEqual(JSON.parse(stdout), {
      command: 'adopt',
      outcome: 'clean',
      items: [
        { into: '', adopted: [{ externalSecret: 'shop/database', secret: 'database', readsBefore: 3, readsAfter: 1 }] },
      ],
    });
  });

  it('says what is missing', () => {
    using repository = begin(entries);
    repository.write('empty.yaml', '');
    const mistakes: readonly [args: string[], says: RegExp][] = [
      [[], /^no manifests were given\n/],
      [['empty.yaml'], /^there is no ExternalSecret in what was given\n/],
      [['platform.yaml', '--kubeconfig', 'k'], /^--kubeconfig and manifests exclude each other\n/],
      [['platform.yaml', '--operator-version', 'new'], /is not a version\n/],
    ];
    for (const [args, says] of mistakes) {
      const { status, stderr } = repository.run(['adopt', ...args]);
      assert.equal(status, 2);
      assert.match(stderr, says);
    }
  });
});
