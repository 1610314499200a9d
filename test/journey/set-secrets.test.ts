import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SecretValue } from '../../src/model/secret-value.ts';
import { setSecrets } from '../../src/report/set-secrets-schema.ts';
import type { SetSecretItem } from '../../src/set-secrets/set-secret-item.ts';
import type { KeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import { createKeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import { parseKeyVaultSettings } from '../../src/stores/key-vault/key-vault-settings.ts';
import type { VaultStore } from '../../src/stores/vault/vault-store.ts';
import { createVaultStore } from '../../src/stores/vault/vault-store.ts';
import type { SecretStore } from '../../src/stores/contract.ts';
import { clientId, tenantId } from '../fixtures/configuration.ts';
import { DevServers } from '../fixtures/dev-servers.ts';
import type { Run } from '../fixtures/repository.ts';
import { checkout, Repository } from '../fixtures/repository.ts';
import { noTerminal, PseudoTerminal } from '../set-secrets/pseudo-terminal.ts';
import { textAt, write } from '../set-secrets/set-secrets-fixture.ts';

const canary = 'kJ4-canary-7Qz';
/** Where there is a Key Vault, the web applications read from it. */
const toVault = ['--store', 'vault-secret-store'] as const;
const jiraPath = 'ai-platform-engineering/jira-secret';
const pem = `-----BEGIN EXAMPLE-----\n${canary}\nAAAA\n-----END EXAMPLE-----\n`;
/** Closed: every property that is printed is described. */
const isDescribed = new Ajv2020({ strictTypes: false, strictRequired: false }).compile(close(setSecrets) as object);

function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (typeof schema !== 'object' || schema === null) return schema;
  const node = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, close(value)]));
  return node['type'] === 'object' ? { ...node, additionalProperties: false } : node;
}

describe('npm run set-secrets', () => {
  let repository: Repository;
  let servers: DevServers;
  let vault: VaultStore;
  let keyVault: KeyVaultStore;
  /** All that was printed by any run. */
  let shown = '';

  before(async () => {
    repository = new Repository();
    servers = await DevServers.start(repository);
    const { url: address, rootToken: token } = servers.vault;
    vault = createVaultStore({
      address,
      mount: 'secret',
      namespace: undefined,
      tls: {},
      auth: { kind: 'token', token: new SecretValue(token) },
    });
    const { variables } = parseKeyVaultSettings(servers.variables('azure'));
    const { vaultUrl = '', auth, authorityHost, tls } = variables;
    keyVault = createKeyVaultStore({ vaultUrl, auth, authorityHost, tls });
  });
  after(async () => {
    await Promise.all([vault.close(), keyVault.close()]);
    await servers.stop();
    repository.remove();
  });

  const variables = (): Record<string, string> => ({
    ...servers.variables('vault'),
    ...servers.variables('azure'),
    HOME: repository.root,
  });

  /** As in a pipe: nobody can be asked. */
  async function run(...args: readonly string[]): Promise<Run> {
    const done = await repository.runBeside(['set-secrets', ...args], variables());
    shown += done.stdout + done.stderr;
    return done;
  }
  async function items(
    ...args: readonly string[]
  ): Promise<{ status: number | null; secrets: readonly SetSecretItem[] }> {
    const { status, stdout, stderr } = await run(...args, '--output', 'json');
    const {
      items: [item],
    } = JSON.parse(stdout) as { items: [{ secrets: readonly SetSecretItem[] }] };
    assert.ok(isDescribed(item), JSON.stringify(isDescribed.errors));
    assert.ok(stderr === '' || stderr.endsWith('\n'));
    return { status, secrets: item.secrets };
  }
  /** On a terminal. */
  async function onTerminal(
    args: readonly string[],
    talk: (terminal: PseudoTerminal) => Promise<void>,
  ): Promise<{ status: number | null; screen: string }> {
    const options = ['--disable-warning=ExperimentalWarning', path.join(checkout, 'src', 'main.js'), 'set-secrets'];
    await using terminal = new PseudoTerminal([process.execPath, ...options, ...args], {
      ...{ folder: repository.root, variables: variables() },
    });
    try {
      await talk(terminal);
      return { status: await terminal.exited(), screen: terminal.shown.replaceAll('\r\n', '\n') };
    } finally {
      shown += terminal.shown;
    }
  }
  async function fieldsAt(client: SecretStore, name: string): Promise<unknown> {
    return JSON.parse(await textAt(client, name));
  }
  function file(name: string, text: string, mode = 0o600): string {
    repository.write(name, text);
    chmodSync(path.join(repository.root, name), mode);
    return name;
  }

  it('shows what is lacking, and writes nothing', async () => {
    const { status, stdout, stderr } = await run('--plan', '--application', 'nextjs', ...toVault);
    assert.equal(status, 1, stderr);
    assert.match(stdout, /^Set secrets of dev: Vault http:\/\/\S+\n\n {2}nextjs +nextjs\/application +\? lacking\n/);
    assert.match(
      stdout,
      /\n {6}NEXTAUTH_SECRET is missing, and required; can be generated\n {6}DATABASE_URL is missing, and required\n/,
    );
    assert.match(
      stdout,
      /\nNothing was written\.\nNext: npm run set-secrets -- --application nextjs --store vault-secret-store\n$/,
    );
    const { secrets } = await items('--plan', '--secret', 'global');
    assert.deepEqual(
      secrets[0]?.lacking.slice(0, 2).map(({ name, need, way }) => `${name} ${need} ${way}`),
      ['LLM_PROVIDER required ask', 'OPENAI_API_KEY undecided ask'],
    );
    const generated = await items('--generate', '--plan');
    assert.equal(generated.status, 1);
    assert.deepEqual(
      generated.secrets.filter(({ outcome }) => outcome === 'planned').map(({ name }) => name),
      ['nextjs', 'backstage-webhook'],
    );
    assert.equal(await textAt(vault, 'nextjs/application'), 'missing');
  });

  it('asks nobody where there is no terminal, and says how values are given', async () => {
    const { status, stdout, stderr } = await run('--secret', 'jira', '--field', 'ATLASSIAN_EMAIL');
    assert.equal(status, 2);
    assert.match(stdout, /\n {2}npm run set-secrets -- --secret jira --field ATLASSIAN_EMAIL --from-file <file> /);
    assert.match(stdout, /\n {2}npm run set-secrets -- --secret jira --values <file> /);
    assert.match(stdout, /\nNext: npm run set-secrets -- --secret jira --plan\n$/);
    assert.doesNotMatch(stderr, /: $/);
  });

  it('takes no value from the command, and does not repeat it', async () => {
    const wrong: Record<string, RegExp> = {
      [`ATLASSIAN_TOKEN=${canary}`]: /^a value does not belong into a command/,
      [`--ATLASSIAN_TOKEN=${canary}`]: /^a value does not belong into a command/,
      [`--token=${canary}`]: /^a value does not belong into a command/,
      [`-p${canary}`]: /^a value does not belong into a command/,
      [`--field=ATLASSIAN_TOKEN=${canary}`]: /^a value does not belong into a command/,
      [`--field=${canary}`]: /^there is no field of that name in jira\n/,
      [`--store=${canary}`]: /^there is no store of that name\n/,
      [`--from-file=${canary}`]: /^--from-file is the value of one field/,
      [`--values={"ATLASSIAN_TOKEN":"${canary}"}`]: /^--values: there is no such file\n {2}Give the path of a file/,
      [`--confirm=${canary}`]: /^--confirm: the environment is dev\n/,
    };
    for (const [argument, says] of Object.entries(wrong)) {
      const { status, stdout, stderr } = await run('--secret', 'jira', argument);
      assert.equal(status, 2, argument);
      assert.match(stderr, says);
      assert.equal(stdout, '');
    }
    assert.match((await run('--secret', canary)).stderr, /^there is no secret of that name\n/);
    assert.match((await run('--secert', 'jira')).stderr, /unknown option '--secert'\n\(Did you mean --secret\?\)/);
    assert.equal(await textAt(vault, jiraPath), 'missing');
  });

  it('writes the fields of a file, and knows them when they come again', async () => {
    file(
      'jira.json',
      JSON.stringify({
        ATLASSIAN_TOKEN: canary,
        ATLASSIAN_EMAIL: 'someone@corp.internal',
        ATLASSIAN_VERIFY_SSL: 'true',
      }),
    );
    const { status, stdout } = await run('--secret', 'jira', '--values', 'jira.json');
    assert.equal(status, 1, 'something lacks still');
    assert.match(stdout, /\n {2}jira +ai-platform-engineering\/jira-secret v1 +✓ written\n/);
    assert.match(
      stdout,
      /\n {6}ATLASSIAN_TOKEN, ATLASSIAN_EMAIL, ATLASSIAN_VERIFY_SSL {2}from a file\n {6}ATLASSIAN_API_URL is missing, and required\n/,
    );
    assert.match(stdout, /\nNext: npm run set-secrets -- --secret jira\n$/);
    const again = await items('--secret', 'jira', '--values', 'jira.json');
    assert.equal(again.secrets[0]?.outcome, 'unchanged');
  });

  it('writes one field from standard input, and keeps the others', async () => {
    const child = repository.start(
      ['set-secrets', '--secret', 'jira', '--field', 'ATLASSIAN_API_URL', '--from-file', '-'],
      {
        ...{ variables: variables(), stdio: 'pipe' },
      },
    );
    let out = '';
    child.child.stdout?.on('data', (bytes: Buffer) => (out += bytes.toString()));
    child.child.stdin?.end('https://corp.atlassian.internal');
    assert.equal(await child.exited, 0, out);
    shown += out;
    assert.match(out, /✓ written\n {6}ATLASSIAN_API_URL {2}from standard input\n[\s\S]*\nNext: npm run preflight\n$/);
    assert.deepEqual(await fieldsAt(vault, jiraPath), {
      ATLASSIAN_TOKEN: canary,
      ATLASSIAN_EMAIL: 'someone@corp.internal',
      ATLASSIAN_VERIFY_SSL: 'true',
      ATLASSIAN_API_URL: 'https://corp.atlassian.internal',
    });
  });

  it('replaces what is there by name only', async () => {
    file('token', `${canary}-2`);
    const args = ['--secret', 'jira', '--field', 'ATLASSIAN_TOKEN', '--from-file', 'token'];
    const unnamed = await run(...args, '--yes');
    assert.equal(unnamed.status, 1);
    assert.match(unnamed.stdout, /not written: ATLASSIAN_TOKEN would be replaced\n/);
    assert.match(unnamed.stdout, /\nNext: npm run set-secrets -- .* --from-file token --confirm=dev\n$/);
    assert.partialDeepStrictEqual(await fieldsAt(vault, jiraPath), { ATLASSIAN_TOKEN: canary });
    const named = await items(...args, '--confirm=dev');
    assert.equal(named.status, 0);
    assert.deepEqual(named.secrets[0]?.fields, [{ name: 'ATLASSIAN_TOKEN', from: 'file', replaces: true }]);
    assert.partialDeepStrictEqual(await fieldsAt(vault, jiraPath), { ATLASSIAN_TOKEN: `${canary}-2` });
  });

  it('takes the bytes of a file as they are, and refuses what the catalog does', async () => {
    file('break', `${canary}-3\n`, 0o644);
    const token = await run('--secret', 'jira', '--field', 'ATLASSIAN_TOKEN', '--from-file', 'break', '--confirm=dev');
    assert.equal(token.status, 1);
    assert.match(
      token.stdout,
      /✗ refused\n {6}ATLASSIAN_TOKEN holds white space, such as a line break at its end \(printf '%s' writes none\)\n/,
    );
    assert.match(token.stderr, /others on this machine may read that file/);
    file('text', `${canary}-team\n`);
    const text = await run('--secret', 'slack', '--field', 'SLACK_TEAM_ID', '--from-file', 'text');
    assert.match(text.stdout, /SLACK_TEAM_ID ends in a line break, which stays part of it/);
    assert.deepEqual(await fieldsAt(vault, 'ai-platform-engineering/slack-secret'), {
      SLACK_TEAM_ID: `${canary}-team\n`,
    });
    file('latin', '');
    for (const [content, says] of [
      [Buffer.from([0xe9]), /that is not UTF-8/],
      [Buffer.from(''), /is empty/],
    ] as const) {
      repository.write('latin', content as never);
      const { stdout, stderr } = await run('--secret', 'github', '--from-file', 'latin');
      assert.match(stdout + stderr, says);
    }
  });

  it('generates what is to be generated, in both stores, and only what is lacking', async () => {
    const all = await items('--generate', ...toVault);
    assert.equal(all.status, 1);
    assert.deepEqual(
      all.secrets.filter(({ outcome }) => outcome === 'written').map(({ name }) => name),
      ['nextjs', 'backstage-webhook'],
    );
    const { value } = (await fieldsAt(vault, 'backstage/github-webhook')) as { value: string };
    assert.match(value, /^[\w-]{43}$/);
    assert.ok(!shown.includes(value));
    const again = await items('--generate', '--secret', 'backstage-webhook', ...toVault);
    assert.equal(again.status, 0);
    assert.equal(again.secrets[0]?.outcome, 'complete');
    const azure = await items('--generate', '--secret', 'backstage-webhook');
    assert.equal(azure.status, 0);
    assert.match(await textAt(keyVault, 'backstage-github-webhook'), /^[\w-]{43}$/);
    const external = await run('--generate', '--secret', 'jira', '--field', 'ATLASSIAN_TOKEN');
    assert.match(
      external.stderr,
      /^ATLASSIAN_TOKEN is not to be generated: it comes from somebody else\n {2}It comes from https:/,
    );
  });

  it('does not make a secret that works into one that does not', async () => {
    file(
      'openai.json',
      JSON.stringify({
        LLM_PROVIDER: 'openai',
        OPENAI_API_KEY: canary,
        OPENAI_ENDPOINT: 'https://llm.internal',
        OPENAI_MODEL_NAME: 'm',
      }),
    );
    assert.equal((await run('--secret', 'global', '--values', 'openai.json')).status, 0);
    file('other.json', '{"LLM_PROVIDER":"aws-bedrock"}');
    const { status, stdout } = await run('--secret', 'global', '--values', 'other.json', '--confirm=dev');
    assert.equal(status, 1);
    assert.match(
      stdout,
      /✗ refused\n {6}applications receive it now, and would not any more: give AWS_ACCESS_KEY_ID, .* as well\n/,
    );
  });

  it('recovers a deleted secret only where that is asked for', async () => {
    const found = await keyVault.read('backstage-github-webhook');
    assert.ok(found.kind === 'present');
    await keyVault.delete('backstage-github-webhook', { expected: found.version });
    const args = ['--generate', '--secret', 'backstage-webhook'];
    const refused = await items(...args);
    assert.equal(refused.status, 1);
    assert.match(refused.secrets[0]?.because ?? '', /^it is deleted: --recover brings it back first/);
    const recovered = await items(...args, '--recover');
    assert.deepEqual([recovered.status, recovered.secrets[0]?.outcome], [0, 'complete']);
    assert.ok((await textAt(keyVault, 'backstage-github-webhook')) === found.value.reveal());
  });

  it('writes to production by name only', async () => {
    file(
      'headlamp.json',
      JSON.stringify({
        OIDC_CLIENT_ID: canary,
        OIDC_CLIENT_SECRET: canary,
        OIDC_ISSUER_URL: 'https://sso.corp.internal',
      }),
    );
    const args = ['--environment', 'production', '--secret', 'headlamp', '--values', 'headlamp.json', ...toVault];
    const identity = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId };
    const inProduction = async (...more: readonly string[]): Promise<Run> => {
      const env = { ...servers.variables('vault'), ...identity, HOME: repository.root };
      const done = await repository.runBeside(['set-secrets', ...args, ...more], env);
      shown += done.stdout + done.stderr;
      return done;
    };
    const unnamed = await inProduction('--yes');
    assert.equal(unnamed.status, 1, unnamed.stderr);
    assert.match(
      unnamed.stdout,
      /not written: production is a production environment\n[\s\S]*\nNext: npm run set-secrets -- --environment production .* --confirm=production\n$/,
    );
    assert.equal(await textAt(vault, 'headlamp/keycloak'), 'missing');
    const named = await inProduction('--confirm=production');
    assert.equal(named.status, 0, named.stdout);
    assert.match(named.stdout, /\nNext: npm run verify-secrets -- --environment production\n$/);
    assert.notEqual(await textAt(vault, 'headlamp/keycloak'), 'missing');
  });

  describe('on a terminal', { skip: noTerminal }, () => {
    const globalSecret = 'ai-platform-engineering-global';
    const store = ['--store', 'azure-keyvault-store'];

    it('goes through a whole application, secret by secret', async () => {
      const args = ['--application', 'backstage', ...toVault];
      const { status, screen } = await onTerminal(args, async (terminal) => {
        await terminal.sees('backstage: The GitHub App of Backstage');
        await terminal.sees('received as backstage/backstage-github-app');
        await terminal.sees('GITHUB_APP_ID  App id');
        await terminal.sees('a whole number; required');
        await terminal.answers('GITHUB_APP_ID: ', `${canary}-no-number`);
        await terminal.sees('✗ GITHUB_APP_ID is not a whole number. Once more.');
        await terminal.answers('GITHUB_APP_ID: ', '4711');
        await terminal.answers('GITHUB_APP_CLIENT_ID: ', `${canary}-id`);
        await terminal.sees('from GitHub: Developer settings, GitHub Apps');
        await terminal.answers('GITHUB_APP_CLIENT_SECRET: ', `${canary}-secret`);
        await terminal.sees('GITHUB_APP_PRIVATE_KEY: ');
        terminal.types(`${pem.replaceAll('\n', '\r')}\r`);
        await terminal.sees('Several lines came at once');
        await terminal.sees('GITHUB_APP_PRIVATE_KEY: ');
        terminal.types(`\u001b[200~${pem.replaceAll('\n', '\r')}\u001b[201~`);
        terminal.types('\r');
        await terminal.sees(
          'entered: GITHUB_APP_ID, GITHUB_APP_CLIENT_ID, GITHUB_APP_CLIENT_SECRET, GITHUB_APP_PRIVATE_KEY',
        );
        await terminal.sees('Write backstage to Vault http');
        await terminal.answers('[y/n] ', '');
        await terminal.answers('[y/n] ', 'y');
        await terminal.sees('✓ written: backstage');
      });
      assert.equal(status, 0, screen);
      assert.match(screen, /\n✓ 1 secret written and read back\nNext: npm run verify-secrets\n$/);
      assert.deepEqual(await fieldsAt(vault, 'backstage/github-app'), {
        GITHUB_APP_ID: '4711',
        GITHUB_APP_CLIENT_ID: `${canary}-id`,
        GITHUB_APP_CLIENT_SECRET: `${canary}-secret`,
        GITHUB_APP_PRIVATE_KEY: pem,
      });
    });

    it('asks for what an answer makes required, in Key Vault as in Vault', async () => {
      const { status, screen } = await onTerminal(['--secret', 'global', ...store], async (terminal) => {
        await terminal.sees('one of openai, azure-openai, aws-bedrock; required');
        await terminal.answers('LLM_PROVIDER: ', 'azure-openai');
        await terminal.sees('to be renewed every 90 days');
        await terminal.answers('AZURE_OPENAI_API_KEY: ', canary);
        await terminal.answers('AZURE_OPENAI_ENDPOINT: ', 'https://llm.internal');
        await terminal.answers('AZURE_OPENAI_API_VERSION: ', '2024-10-21');
        await terminal.answers('AZURE_OPENAI_DEPLOYMENT: ', '');
        await terminal.sees('skipped: AZURE_OPENAI_DEPLOYMENT');
        await terminal.answers('[y/n] ', 'y');
      });
      assert.equal(status, 1, screen);
      assert.doesNotMatch(screen, / OPENAI_API_KEY|AWS_/);
      assert.match(screen, /AZURE_OPENAI_DEPLOYMENT is missing, and required: LLM_PROVIDER is azure-openai/);
      assert.match(screen, /\nNext: npm run set-secrets -- --secret global --store azure-keyvault-store\n$/);
      const found = await keyVault.read(globalSecret);
      assert.ok(found.kind === 'present');
      assert.equal(found.metadata.contentType, 'application/json');
      assert.equal(
        found.value.reveal(),
        `{"LLM_PROVIDER":"azure-openai","AZURE_OPENAI_API_KEY":"${canary}","AZURE_OPENAI_ENDPOINT":"https://llm.internal","AZURE_OPENAI_API_VERSION":"2024-10-21"}`,
      );
    });

    it('keeps what is there to the byte, and what others write meanwhile', async () => {
      const odd =
        '{"LLM_PROVIDER":"azure-openai","n":1.50,"AZURE_OPENAI_API_KEY":"\\u006b","AZURE_OPENAI_ENDPOINT":"https://llm.internal","AZURE_OPENAI_API_VERSION":"v"';
      await write(keyVault, globalSecret, `${odd}}`, { expiresAtMs: Date.UTC(2040, 0, 2) });
      const { status, screen } = await onTerminal(['--secret', 'global', ...store], async (terminal) => {
        await terminal.answers('AZURE_OPENAI_DEPLOYMENT: ', `${canary}-d`);
        await terminal.sees('[y/n] ');
        await write(keyVault, globalSecret, `${odd},"THEIRS":12345678901234567890}`);
        terminal.types('y\r');
      });
      assert.equal(status, 0, screen);
      assert.match(screen, /its date of expiry, 2040-01-02, stays as it was/);
      assert.match(screen, /\nNext: npm run verify-secrets\n$/);
      const expected = `${odd},"THEIRS":12345678901234567890,"AZURE_OPENAI_DEPLOYMENT":"${canary}-d"}`;
      assert.equal(await textAt(keyVault, globalSecret), expected);
    });

    it('says that another writer was first, and overwrites nothing', async () => {
      const { status, screen } = await onTerminal(
        ['--secret', 'jira', '--field', 'ATLASSIAN_EMAIL'],
        async (terminal) => {
          await terminal.sees('what is there has the right form, and would be replaced');
          await terminal.answers('ATLASSIAN_EMAIL: ', 'mine@corp.internal');
          await terminal.sees('replaces ATLASSIAN_EMAIL; the store keeps the version before');
          await terminal.sees('Type dev to write jira to Vault');
          const now = (await fieldsAt(vault, jiraPath)) as object;
          await write(vault, jiraPath, JSON.stringify({ ...now, ATLASSIAN_EMAIL: 'theirs@corp.internal' }));
          terminal.types('dev\r');
        },
      );
      assert.equal(status, 1, screen);
      assert.match(screen, /somebody else wrote one of these fields meanwhile: look at it, and run this again/);
      assert.partialDeepStrictEqual(await fieldsAt(vault, jiraPath), { ATLASSIAN_EMAIL: 'theirs@corp.internal' });
    });

    it('keeps what it wrote when it is stopped, and drops what was in hand', async () => {
      const { status, screen } = await onTerminal(['--application', 'ai-platform-engineering'], async (terminal) => {
        await terminal.answers('ARGOCD_TOKEN: ', `${canary}-argocd`);
        await terminal.answers('ARGOCD_API_URL: ', 'https://argocd.internal');
        await terminal.answers('ARGOCD_VERIFY_SSL: ', 'true');
        await terminal.answers('[y/n] ', 'y');
        await terminal.sees('✓ written: argocd');
        await terminal.sees('GITHUB_PERSONAL_ACCESS_TOKEN: ');
        terminal.types(`${canary}-github\u0003`);
      });
      assert.equal(status, 2, screen);
      assert.match(screen, /\n {2}argocd .* ✓ written\n[\s\S]*\n {2}github .* – not reached\n {6}stopped\. /);
      assert.match(
        screen,
        /\nStopped\. ✓ 1 secret written and read back\nNext: npm run set-secrets -- --application ai-platform-engineering\n$/,
      );
      assert.partialDeepStrictEqual(await fieldsAt(vault, 'ai-platform-engineering/argocd-secret'), {
        ARGOCD_TOKEN: `${canary}-argocd`,
      });
      assert.equal(await textAt(vault, 'ai-platform-engineering/github-secret'), 'missing');
    });

    it('lets a refusal stand', async () => {
      const { status, screen } = await onTerminal(['--secret', 'github'], async (terminal) => {
        await terminal.answers('GITHUB_PERSONAL_ACCESS_TOKEN: ', canary);
        await terminal.answers('[y/n] ', 'n');
      });
      assert.equal(status, 1, screen);
      assert.match(screen, /not written: it was not confirmed/);
      assert.equal(await textAt(vault, 'ai-platform-engineering/github-secret'), 'missing');
    });

    it('has nothing to ask where nothing lacks', async () => {
      const { status, screen } = await onTerminal(['--secret', 'argocd'], async () => Promise.resolve());
      assert.equal(status, 0, screen);
      assert.match(screen, /✓ nothing lacks\nNext: npm run preflight\n$/);
    });
  });

  it('has shown no value, nor written one down', () => {
    assert.ok(shown.length > 5000);
    const texts = [shown];
    for (const name of readdirSync(repository.root, { recursive: true, encoding: 'utf8' })) {
      if (/^(node_modules|src|schemas)\b|^(jira|openai|other|headlamp)\.json$|^(token|break|text|latin)$/.test(name))
        continue;
      const full = path.join(repository.root, name);
      if (statSync(full).isFile()) texts.push(readFileSync(full, 'latin1'));
    }
    assert.ok(texts.length > 5);
    const forms = [canary, btoa(canary), Buffer.from(canary).toString('hex'), 'corp.internal', 'llm.internal', '4711'];
    for (const text of texts) for (const form of forms) assert.ok(!text.includes(form), form);
    assert.equal(new SecretValue(canary).toString(), '<redacted>');
  });
});
