import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { itemSchemas } from '../../src/report/output-schema.ts';
import { ask } from '../dev/vault-client.ts';
import { DevServers } from '../fixtures/dev-servers.ts';
import type { Run } from '../fixtures/repository.ts';
import { Repository } from '../fixtures/repository.ts';
import { theirs, withKubectl } from './preflight-fixture.ts';

const isDescribed = new Ajv2020({ strictTypes: false, strictRequired: false }).compile(
  close(itemSchemas['preflight']) as object,
);

/** Every object knows only what is described. */
function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (typeof schema !== 'object' || schema === null) return schema;
  const node = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, close(value)]));
  return node['properties'] === undefined ? node : { ...node, additionalProperties: false };
}

type Items = readonly {
  readonly externalSecrets: readonly {
    readonly name: string;
    readonly outcome: string;
    readonly code?: string;
    readonly because?: string;
    readonly changes?: { readonly removed: readonly string[] };
    readonly events: readonly { readonly message: string }[];
  }[];
  readonly stores: readonly object[];
}[];

function itemOf({ stdout, stderr }: Run): Items[number] {
  const [item] = (JSON.parse(stdout) as { items: Items }).items;
  assert.ok(item, stdout + stderr);
  assert.ok(isDescribed(item), JSON.stringify(isDescribed.errors));
  return item;
}

/** Each time another port. */
function withoutPorts(text: string): string {
  return text.replaceAll(/(127\.0\.0\.1|localhost):\d+/g, '$1:…').replaceAll(/ +\n/g, '\n');
}

describe('npm run preflight', () => {
  let repository: Repository;
  let servers: DevServers;
  let vault: Record<string, string>;
  let both: Record<string, string>;
  before(async () => {
    repository = new Repository();
    servers = await DevServers.start(repository, ['--seed']);
    vault = servers.variables('vault');
    both = { ...vault, ...servers.variables('azure') };
  });
  after(async () => {
    await servers.stop();
    repository.remove();
  });

  const jira = 'secret/data/ai-platform-engineering/jira-secret';
  async function write(data: Readonly<Record<string, string>>, secret = jira): Promise<void> {
    const { status } = await ask(servers.vault, { method: 'POST', path: secret, body: { data } });
    assert.equal(status, 200);
  }

  it('says of a platform whose stores hold everything that all of it will sync, which keys there will be, and what it costs', async () => {
    const { status, stdout } = await repository.runBeside(['preflight'], both);
    assert.equal(status, 0, stdout);
    assert.match(
      stdout,
      /^14 ExternalSecrets as npm run synth would write them for dev\. External Secrets Operator 0\.20\.4\.\n/,
    );
    assert.match(
      withoutPorts(stdout),
      /\n {2}vault-secret-store {4}Vault http:\/\/127\.0\.0\.1:… \(VAULT_ADDR\) +7 reads\n/,
    );
    assert.match(
      withoutPorts(stdout),
      /\n {2}azure-keyvault-store {2}Key Vault https:\/\/lockstep-dev\.\S+ \(AZURE_KEYVAULT_URI\) +6 reads\n/,
    );
    assert.match(
      stdout,
      /\n {2}headlamp\n {4}✓ headlamp-oidc +OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_ISSUER_URL +1 read\n/,
    );
    assert.match(
      stdout,
      /\n14 reads per refresh, 504 calls a day; about \$0\.02 a month at \$0\.03 per 10,000 of Key Vault\.\n/,
    );
    assert.match(stdout, /\n {2}Key Vault lockstep-dev +7 +7 +7 +7 of 4,000 \(< 1 %\)\n/);
    assert.match(stdout, /\n✓ 14 of 14 will sync\nNext: npm run synth\n$/);
    assert.deepEqual(repository.tree('dist'), {});
    itemOf(await repository.runBeside(['preflight', '-o', 'json'], both));
  });

  it('says which ExternalSecret will fail, with the condition, the event and the way out', async () => {
    await write({
      ATLASSIAN_TOKEN: 'example-canary-4b1d',
      ATLASSIAN_API_URL: 'https://example.org',
      ATLASSIAN_VERIFY_SSL: 'true',
    });
    const { status, stdout } = await repository.runBeside(['preflight', '-a', 'ai-platform-engineering'], vault);
    assert.equal(status, 1, stdout);
    assert.equal(
      withoutPorts(stdout),
      `6 ExternalSecrets as npm run synth would write them for dev. External Secrets Operator 0.20.4.

  vault-secret-store  Vault http://127.0.0.1:… (VAULT_ADDR)  6 reads

  ai-platform-engineering
    ✓ ai-platform-global-secrets  LLM_PROVIDER, OPENAI_API_KEY, OPENAI_ENDPOINT, OPENAI_MODEL_NAME  1 read
    ✓ agent-argocd-secrets        ARGOCD_API_URL, ARGOCD_TOKEN, ARGOCD_VERIFY_SSL  1 read
    ✓ agent-github-secrets        GITHUB_PERSONAL_ACCESS_TOKEN                     1 read
    ✗ agent-jira-secrets          SecretSyncedError, "could not update secret"     P107
        required in ai-platform-engineering/jira-secret, but missing or empty: ATLASSIAN_EMAIL
        event: UpdateFailed, "could not apply template: error fetching templateFrom data: unable to execute template at key {{- $missing := list }} … error calling fail: required in ai-platform-engineering/jira-secret, but missing or empty: ATLASSIAN_EMAIL" (whole in --output json)
        fix: Add ATLASSIAN_EMAIL: vault kv patch -mount=secret ai-platform-engineering/jira-secret ATLASSIAN_EMAIL=-
    ✓ agent-pagerduty-secrets     PAGERDUTY_API_KEY, PAGERDUTY_API_URL             1 read
    ✓ agent-slack-secrets         SLACK_APP_TOKEN, SLACK_BOT_TOKEN, SLACK_CLIENT_SECRET, SLACK_SIGNING_SECRET, SLACK_TEAM_ID  1 read

6 reads per refresh, 288 calls a day.
                                                   reads  calls  calls an hour  calls in 10 s, at most
  Vault http://vault.vault.svc.cluster.local:8200  6      12     12             12
Twice the refresh interval would save 144 calls a day.

Taken for granted:
  ClusterSecretStore vault-secret-store is ready
  there is no Secret agent-argocd-secrets yet
  there is no Secret agent-github-secrets yet
  there is no Secret agent-jira-secrets yet
  there is no Secret agent-pagerduty-secrets yet
  and 2 more: --output json has all of them
  --kubeconfig <file> looks, instead of taking it for granted.

✗ 1 of 6 will fail, 5 of 6 will sync
Next: npm run preflight -- --explain P107
`,
    );
  });

  it('shows no value in any format, on stdout or stderr', async () => {
    const canary = 'example-canary-4b1d';
    await write({ ATLASSIAN_TOKEN: canary, ATLASSIAN_EMAIL: '' });
    await write({ text: `{"${canary}`, list: canary, ok: canary }, 'secret/data/team/odd');
    repository.write(
      'odd.yaml',
      ['{{ fail .ok }}', '{{ index .ok 99 }}', '{{ .ok | atoi | untilStep 1 }}', '{{ .text | fromJson }}', '{{ .ok }}']
        .map(
          (template, index) => `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: odd-${index} }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault-secret-store }
  target: { template: { data: { key: '${template}' } } }
  dataFrom: [{ extract: { key: team/odd ${index % 2 === 0 ? '' : ', decodingStrategy: Base64'} } }]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: text-${index} }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault-secret-store }
  dataFrom: [{ extract: { key: team/odd, property: ${index % 2 === 0 ? 'text' : 'list'} } }]
---
`,
        )
        .join(''),
    );
    for (const manifests of [[], ['odd.yaml']])
      for (const output of ['text', 'json', 'markdown', 'junit', 'sarif']) {
        const { status, stdout, stderr } = await repository.runBeside(['preflight', ...manifests, '-o', output], both);
        assert.equal(status, 1, stdout + stderr);
        for (const form of [
          canary,
          Buffer.from(canary).toString('base64').slice(0, 16),
          Buffer.from(canary).toString('hex'),
        ])
          assert.ok(!(stdout + stderr).includes(form), `${form} in ${output}`);
        assert.ok(!(stdout + stderr).includes(both['VAULT_TOKEN'] ?? '-'));
        if (manifests.length > 0 && output !== 'markdown') assert.match(stdout, /<redacted>|&lt;redacted&gt;/);
      }
  });

  it('takes anybody’s manifests: files, folders and what is piped in, and says of each where it stands', async () => {
    mkdirSync(path.join(repository.root, 'theirs'), { recursive: true });
    repository.write('theirs/app.yaml', theirs);
    const run = await repository.runBeside(['preflight', 'theirs', '-n', 'shop', '-o', 'json'], vault);
    assert.equal(run.status, 1, run.stdout + run.stderr);
    assert.deepEqual(
      itemOf(run).externalSecrets.map(({ name, outcome, code }) => [name, outcome, code]),
      [
        ['old', 'refused', 'P130'],
        ['synced', 'syncs', undefined],
        ['lacking', 'fails', 'P104'],
        ['missing', 'fails', 'P101'],
        ['random', 'unpredictable', 'P310'],
        ['elsewhere', 'unpredictable', 'P306'],
      ],
    );
    assert.match(run.stdout, /"where": "theirs\/app\.yaml:1"/);
    const others = `apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: { name: everywhere }
spec: { namespaceSelector: {}, externalSecretSpec: {} }
`;
    repository.write('theirs/others.yaml', others);
    const beside = await repository.runBeside(['preflight', 'theirs', '-n', 'shop'], vault);
    assert.match(beside.stderr, /^Not predicted, ClusterExternalSecret: .* \(everywhere\)$/m);
    const piped = spawnSync(
      'bash',
      ['-c', `cat theirs/app.yaml | ${repository.commandLine(['preflight', '-', '-o', 'json'])}`],
      { cwd: repository.root, encoding: 'utf8', env: { ...vault, PATH: process.env['PATH'] } },
    );
    assert.equal(piped.status, 1, piped.stderr);
    assert.match(piped.stdout, /"where": "stdin:1"/);
  });

  it('writes SARIF with the file and the line, failures as errors and the unpredictable as warnings', async () => {
    mkdirSync(path.join(repository.root, 'theirs'), { recursive: true });
    repository.write('theirs/app.yaml', theirs);
    const { stdout } = await repository.runBeside(['preflight', 'theirs', '-o', 'sarif'], vault);
    type Result = {
      readonly ruleId: string;
      readonly level: string;
      readonly locations: readonly { readonly physicalLocation: object }[];
    };
    const { runs } = JSON.parse(stdout) as { runs: readonly { readonly results: readonly Result[] }[] };
    const results = runs.flatMap((run) => run.results);
    assert.deepEqual(
      results.map(({ ruleId, level }) => `${ruleId} ${level}`),
      ['P130 error', 'P104 error', 'P101 error', 'P310 warning', 'P306 warning'],
    );
    assert.deepEqual(results[1]?.locations[0]?.physicalLocation, {
      artifactLocation: { uri: 'theirs/app.yaml' },
      region: { startLine: 15 },
    });
  });

  it('writes JUnit with a case for each: passed, failed or skipped', async () => {
    mkdirSync(path.join(repository.root, 'theirs'), { recursive: true });
    repository.write('theirs/app.yaml', theirs);
    const { stdout } = await repository.runBeside(['preflight', 'theirs', '-o', 'junit'], vault);
    assert.match(stdout, /<testsuite name="lockstep preflight" tests="6" failures="3" skipped="2">/);
    assert.match(stdout, /<testcase [^>]*name="default\/missing">\n {4}<failure type="P101"/);
  });

  it('says what is wrong with a file that is no YAML, where, and predicts the others', async () => {
    repository.write('broken.yaml', `${theirs.split('---\n')[1] ?? ''}---\na: [1\nb: 2\n`);
    const { status, stdout } = await repository.runBeside(['preflight', 'broken.yaml'], vault);
    assert.equal(status, 1);
    assert.match(stdout, /^broken\.yaml:\d+:\d+: .* {3}M102\n/);
    assert.match(stdout, /\n {4}✓ synced /);
    assert.match(
      stdout,
      /\n✗ 1 of 1 will sync, of what could be read\nNext: mend the manifests that are named above\n$/,
    );
  });

  it('does not call it ready where nothing could be read', async () => {
    const { status, stdout } = await repository.runBeside(['preflight', 'nothere.yaml'], vault);
    assert.equal(status, 1);
    assert.match(stdout, /^nothere\.yaml is not there {3}M101\n/);
    assert.match(stdout, /\n✗ nothing was predicted\nNext: mend the manifests that are named above\n$/);
  });

  it('says once why a store was not read and how to give it, and does not call that clean', async () => {
    const { status, stdout } = await repository.runBeside(['preflight', '-a', 'headlamp'], { HOME: repository.root });
    assert.equal(status, 2);
    assert.match(
      stdout,
      /\n {2}vault-secret-store {2}Vault http:\/\/vault\.vault\.svc\.cluster\.local:8200 {2}not read: there is no token for it\n {6}Sign in \(vault login, .*npm run dev -- --seed\n/,
    );
    assert.match(
      stdout,
      /\n {4}\? headlamp-oidc {2}cannot be predicted: vault-secret-store was not read {2}P306\n {4}\? headlamp-tls/,
    );
    const refused = { ...vault, VAULT_TOKEN: 'example-of-nobody' };
    const other = await repository.runBeside(['preflight', '-a', 'ai-platform-engineering'], refused);
    assert.equal(other.status, 2, other.stdout);
    assert.match(
      other.stdout,
      /not read: Vault does not know the token: it is wrong, expired or revoked\n {6}Log in again/,
    );
    assert.doesNotMatch(other.stdout, /example-of-nobody/);
  });

  it('compares with a cluster: which keys come, go and change, by fingerprints', async () => {
    await write({ KEPT: 'same', CHANGED: 'new', ADDED: 'new' }, 'secret/data/team/app');
    repository.write('es.yaml', (theirs.split('---\n')[1] ?? '').replace('ai-platform-engineering/global', 'team/app'));
    repository.write('kubeconfig', 'apiVersion: v1\nkind: Config\n');
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'synced',
        namespace: 'default',
        uid: 'u',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'example-canary' },
      },
      type: 'Opaque',
      data: { KEPT: btoa('same'), CHANGED: btoa('example-canary-old'), REMOVED: btoa('example-canary') },
    };
    const PATH = withKubectl(repository, {
      secrets: secret,
      namespaces: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } },
      'clustersecretstores.external-secrets.io': {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ClusterSecretStore',
        metadata: { name: 'vault-secret-store' },
        spec: {
          provider: {
            vault: {
              server: 'http://vault.vault.svc:8200',
              path: 'secret',
              version: 'v2',
              auth: { tokenSecretRef: { name: 'token', namespace: 'vault', key: 'token' } },
            },
          },
        },
        status: { conditions: [{ type: 'Ready', status: 'True', reason: 'Valid', message: 'store validated' }] },
      },
    });
    const { status, stdout, stderr } = await repository.runBeside(
      ['preflight', 'es.yaml', '--kubeconfig', 'kubeconfig'],
      { ...vault, PATH },
    );
    assert.equal(status, 0, stdout + stderr);
    assert.match(
      stdout,
      /\n {4}✓ synced {2}ADDED, CHANGED, KEPT {2}1 read\n {8}\+ ADDED\n {8}- REMOVED\n {8}~ CHANGED {2}[A-Z2-7]{8} → [A-Z2-7]{8}\n/,
    );
    assert.doesNotMatch(stdout + stderr, /canary/);
    const json = await repository.runBeside(['preflight', 'es.yaml', '--kubeconfig', 'kubeconfig', '-o', 'json'], {
      ...vault,
      PATH,
    });
    assert.deepEqual(
      itemOf(json).externalSecrets.map(({ changes }) => changes?.removed),
      [['REMOVED']],
    );
  });

  const mistakes: Record<string, [args: string[], says: RegExp]> = {
    'no such file': [['preflight', 'nowhere.yaml'], /nowhere\.yaml/],
    'a version that is none': [
      ['preflight', '--operator-version', 'latest'],
      /^--operator-version "latest" is not a version\n {2}Write it as 0\.20\.4\.\n/,
    ],
    'a price that is none': [['preflight', '--price', 'much'], /^--price "much" is not an amount\n/],
    'a kubeconfig that is not there': [
      ['preflight', '--kubeconfig', 'nowhere'],
      /^--kubeconfig "nowhere" is not there\n/,
    ],
    'an application beside manifests': [['preflight', 'config', '-a', 'nextjs'], /^--application chooses among/],
    'nothing to predict': [['preflight', 'config'], /^there is no ExternalSecret in config\n/],
  };
  for (const [name, [args, says]] of Object.entries(mistakes))
    it(`${name}: says so, and what to do`, () => {
      const { status, stdout, stderr } = repository.run(args, vault);
      assert.ok(status === 2 || status === 1, stdout + stderr);
      assert.match(stderr === '' ? stdout : stderr, says);
    });
});
