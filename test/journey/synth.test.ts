import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { clientId, tenantId } from '../fixtures/configuration.ts';
import { Repository } from '../fixtures/repository.ts';

const azure = { AZURE_KEYVAULT_NAME: 'kv-example', AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId };
const identity = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId };

type ExternalSecret = {
  spec: {
    secretStoreRef: { name: string };
    dataFrom?: { extract: { key: string } }[];
    data?: { remoteRef: { key: string } }[];
  };
};

function externalSecrets(repository: Repository, environment: string, application: string): ExternalSecret[] {
  const folder = `dist/${environment}/${application}/manifests`;
  return Object.keys(repository.tree(folder))
    .filter((file) => file.startsWith('externalsecret-'))
    .map((file) => parse(repository.read(`${folder}/${file}`)) as ExternalSecret);
}

function stores(repository: Repository, environment: string, application: string): string[] {
  return [
    ...new Set(externalSecrets(repository, environment, application).map(({ spec }) => spec.secretStoreRef.name)),
  ];
}

describe('npm run synth on a fresh clone', () => {
  it('writes dev offline, from its default store, and says so in one line', () => {
    using repository = new Repository();
    const { status, stdout, stderr } = repository.run(['synth']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^dist\/dev: 6 applications, 14 ExternalSecrets; 6 written, 0 unchanged\n/);
    assert.match(stdout, /\nNext: idpbuilder create --package dist\/dev\n$/);
    assert.deepEqual(stderr.split('\n'), [
      'nextjs, backstage and headlamp name azure-keyvault-store, but dev has no Key Vault: read from vault-secret-store instead.',
      '',
    ]);
    for (const application of ['ai-platform-engineering', 'nextjs', 'backstage', 'headlamp'])
      assert.deepEqual(stores(repository, 'dev', application), ['vault-secret-store']);
    assert.ok(!JSON.stringify(Object.keys(repository.tree('dist'))).includes('azure-keyvault-store'));
  });

  it('writes the same bytes each time, from wherever it runs', () => {
    using one = new Repository();
    using two = new Repository();
    one.run(['synth']);
    mkdirSync(path.join(two.root, 'docs'));
    two.run(['synth', '--output', 'json']);
    const bytes = one.tree('dist');
    assert.ok(Object.keys(bytes).length > 25);
    assert.deepEqual(two.tree('dist'), bytes);
    one.run(['synth']);
    assert.deepEqual(one.tree('dist'), bytes);
  });
});

describe('Azure Key Vault, as the guide says', () => {
  it('is one identifier in place of the entry, or one variable', () => {
    using edited = new Repository();
    edited.edit(
      'config/applications.ts',
      "// import { aiPlatformAzureConfig } from './ai-platform-azure-config';",
      "import { aiPlatformAzureConfig } from './ai-platform-azure-config';",
    );
    edited.edit(
      'config/applications.ts',
      "{ name: 'ai-platform-engineering', namespace: 'ai-platform-engineering', chart: { type: 'AiPlatformEngineeringChart' } }",
      'aiPlatformAzureConfig',
    );
    assert.equal(edited.run(['synth'], azure).status, 0);
    assert.deepEqual(stores(edited, 'dev', 'ai-platform-engineering'), ['azure-keyvault-store']);
    assert.deepEqual(
      externalSecrets(edited, 'dev', 'ai-platform-engineering').flatMap(({ spec }) =>
        spec.dataFrom?.map(({ extract }) => extract.key),
      ),
      ['argocd', 'github', 'jira', 'pagerduty', 'slack', 'global'].map((name) => `ai-platform-engineering-${name}`),
    );

    using variable = new Repository();
    assert.equal(variable.run(['synth'], { ...azure, AI_PLATFORM_SECRET_STORE: 'azure-keyvault-store' }).status, 0);
    assert.deepEqual(variable.tree('dist'), edited.tree('dist'));
  });

  it('also works with the extension in the import', () => {
    using repository = new Repository();
    repository.edit('config/secrets.ts', "'./applications'", "'./applications.ts'");
    repository.edit('config/secrets.ts', "'../src/model/define'", "'../src/model/define.ts'");
    assert.equal(repository.run(['synth']).status, 0);
  });

  it('writes the identity on the ServiceAccount and the vault in the store, and the tenant in one place only', () => {
    using repository = new Repository();
    repository.run(['synth'], azure);
    const folder = 'dist/dev/external-secrets/manifests';
    const account = parse(repository.read(`${folder}/serviceaccount-external-secrets.yaml`)) as {
      metadata: { annotations: object };
    };
    assert.partialDeepStrictEqual(account.metadata.annotations, {
      'azure.workload.identity/client-id': clientId,
      'azure.workload.identity/tenant-id': tenantId,
    });
    const store = parse(repository.read(`${folder}/clustersecretstore-azure-keyvault-store.yaml`)) as {
      spec: { provider: object };
    };
    assert.deepEqual(store.spec.provider, {
      azurekv: {
        authType: 'WorkloadIdentity',
        environmentType: 'PublicCloud',
        useAzureSDK: false,
        vaultUrl: 'https://kv-example.vault.azure.net',
        serviceAccountRef: { name: 'external-secrets', namespace: 'external-secrets' },
      },
    });
  });
});

describe('environments', () => {
  it('each have their folder; --all writes every one', () => {
    using repository = new Repository();
    assert.equal(repository.run(['synth', '--environment', 'production'], identity).status, 0);
    assert.ok(repository.has('dist/production/app-of-apps.yaml'));
    assert.ok(!repository.has('dist/dev'));
    assert.equal(repository.run(['synth', '--all'], identity).status, 0);
    assert.ok(repository.has('dist/dev/nextjs.yaml') && repository.has('dist/staging/nextjs.yaml'));
    assert.deepEqual(stores(repository, 'staging', 'ai-platform-engineering'), ['vault-secret-store']);
    assert.deepEqual(stores(repository, 'production', 'ai-platform-engineering'), ['azure-keyvault-store']);
  });

  it('are all written or none', () => {
    using repository = new Repository();
    const { status, stdout } = repository.run(['synth', '--all']);
    assert.equal(status, 1);
    assert.match(stdout, /AZURE_TENANT_ID is missing/);
    assert.deepEqual(repository.tree('dist'), {});
  });
});

describe('five mistakes', () => {
  const mistakes: Record<
    string,
    { edit?: (repository: Repository) => void; variables?: Record<string, string>; says: RegExp }
  > = {
    'an unknown store': {
      edit: (r) =>
        r.edit('config/applications.ts', "secretStore: 'azure-keyvault-store'", "secretStore: 'azure-keyvault'"),
      says: /^config\/applications\.ts: applications\[3\]\.chart\.props\.secretStore "azure-keyvault" is not a store {3}C002\n {2}Use one of .*did you mean azure-keyvault-store\?\n/,
    },
    'Key Vault names that differ only in case': {
      edit: (r) => r.edit('config/environments.ts', "'kv-platform-staging'", "'KV-Platform-Prod'"),
      says: /^config\/environments\.ts: environments\.production\.azure\.keyVaultName staging and production both use Key Vault "kv-platform-prod" \(names are compared without case\): a leak in staging would be a leak in production {3}C012\n {2}Give each its own/,
    },
    'AZURE_TENANT_ID missing': {
      variables: { AZURE_KEYVAULT_NAME: 'kv-example', AZURE_CLIENT_ID: clientId },
      says: /^AZURE_TENANT_ID is missing: the tenant that reads Key Vault "kv-example" in dev {3}C017\n {2}Set it: export AZURE_TENANT_ID=/,
    },
    'an unknown chart type': {
      edit: (r) => r.edit('config/applications.ts', "type: 'HeadlampChart'", "type: 'HeadLampChart'"),
      says: /^config\/applications\.ts: applications\[5\]\.chart\.type "HeadLampChart" is not a chart type {3}C005\n {2}Did you mean HeadlampChart\? There are AiPlatformEngineeringChart, /,
    },
    'a field used but not declared': {
      edit: (r) =>
        r.edit(
          'config/secrets.ts',
          "targets: [{ name: 'nextjs-secrets' }]",
          "targets: [{ name: 'nextjs-secrets', fields: ['DATABASE_URI'] }]",
        ),
      says: /^config\/secrets\.ts: secrets\.nextjs\.targets\[0\]\.fields\[0\] the field "DATABASE_URI" is used but not declared {3}C010\n {2}Did you mean "DATABASE_URL"\? Declare it in secrets\.nextjs\.fields\.\n/,
    },
  };
  for (const [name, { edit, variables, says }] of Object.entries(mistakes))
    it(`${name}: one clear message, exit 1, dist/ untouched`, () => {
      using repository = new Repository();
      assert.equal(repository.run(['synth']).status, 0);
      const before = repository.tree('dist');
      edit?.(repository);
      const { status, stdout, stderr } = repository.run(['synth'], variables);
      assert.equal(status, 1);
      assert.match(stdout, says);
      assert.equal(stdout.match(/ {3}[CM]\d{3}\n/g)?.length, 1, stdout);
      assert.equal(stderr, '');
      assert.deepEqual(repository.tree('dist'), before);
    });
});

describe('what is written again', () => {
  it('is only what changed, and the result is as if all were new', () => {
    using repository = new Repository();
    repository.run(['synth']);
    repository.edit('config/secrets.ts', "'nextjs/application'", "'nextjs/settings'");
    assert.match(repository.run(['synth']).stdout, /; 1 written, 5 unchanged\n/);
    using fresh = new Repository();
    fresh.edit('config/secrets.ts', "'nextjs/application'", "'nextjs/settings'");
    fresh.run(['synth']);
    assert.deepEqual(repository.tree('dist'), fresh.tree('dist'));
  });

  it('includes what was edited, added or deleted by hand', () => {
    using repository = new Repository();
    repository.run(['synth']);
    const before = repository.tree('dist');
    repository.write('dist/dev/nextjs.yaml', repository.read('dist/dev/nextjs.yaml').replace('nextjs', 'nextjz'));
    repository.write('dist/dev/backstage/manifests/extra.yaml', 'a: 1\n');
    repository.write('dist/dev/stray.yaml', 'a: 1\n');
    assert.match(repository.run(['synth']).stdout, /; 2 written, 4 unchanged\n/);
    assert.deepEqual(repository.tree('dist'), before);
  });

  it('leaves no file of an application that was removed', () => {
    using repository = new Repository();
    repository.run(['synth']);
    repository.edit(
      'config/applications.ts',
      "{ name: 'vault', namespace: 'vault', chart: { type: 'VaultChart' } },",
      '',
    );
    const { status, stdout } = repository.run(['synth']);
    assert.equal(status, 0);
    assert.match(stdout, /5 applications/);
    assert.deepEqual(
      Object.keys(repository.tree('dist')).filter((file) => file.startsWith('dev/vault')),
      [],
    );
  });

  it('is one application with --application; the others stay', () => {
    using repository = new Repository();
    repository.run(['synth']);
    const before = repository.tree('dist/dev/backstage');
    repository.edit('config/secrets.ts', "'nextjs/application'", "'nextjs/settings'");
    repository.edit('config/secrets.ts', "'backstage/github-app'", "'backstage/app'");
    assert.equal(repository.run(['synth', '--application', 'nextjs']).status, 0);
    assert.match(repository.read('dist/dev/nextjs/manifests/externalsecret-nextjs-secrets.yaml'), /nextjs\/settings/);
    assert.deepEqual(repository.tree('dist/dev/backstage'), before);
    assert.match(repository.run(['synth']).stdout, /; 1 written, 5 unchanged\n/);
  });
});

describe('faults', () => {
  it(
    'a limit on file size leaves the previous output whole, and is named',
    { skip: process.platform === 'win32' && 'needs ulimit' },
    () => {
      using repository = new Repository();
      repository.run(['synth']);
      const before = repository.tree('dist');
      repository.edit('config/secrets.ts', "'ai-platform-engineering/global'", "'ai-platform-engineering/shared'");
      const { status, stderr } = spawnSync('bash', ['-c', `ulimit -f 1; exec ${repository.commandLine(['synth'])}`], {
        cwd: repository.root,
        encoding: 'utf8',
      });
      assert.equal(status, 2);
      assert.match(
        stderr,
        /dist\/dev could not be written: a file grew past the limit set for this process \(ulimit -f\)\n {2}The previous output is whole\./,
      );
      assert.deepEqual(repository.tree('dist'), before);
      assert.equal(repository.run(['synth']).status, 0);
    },
  );

  it('kill -9 at any moment leaves the previous output or the new one, and the next run completes it', async () => {
    using repository = new Repository();
    using fresh = new Repository();
    const paths = ["'nextjs/application'", "'nextjs/settings'"];
    const expected = paths.map((_, index) => {
      if (index > 0) fresh.edit('config/secrets.ts', paths[0] ?? '', paths[1] ?? '');
      fresh.run(['synth']);
      return fresh.tree('dist');
    });
    repository.run(['synth']);
    for (let round = 0; round < 16; round++) {
      const next = (round + 1) % 2;
      repository.edit('config/secrets.ts', paths[1 - next] ?? '', paths[next] ?? '');
      const { child, exited } = repository.start(['synth']);
      await delay(60 + 5 * round);
      child.kill('SIGKILL');
      await exited;
      assert.equal(repository.run(['synth']).status, 0);
      assert.deepEqual(repository.tree('dist'), expected[next]);
    }
  });

  it('two at once do not mix: each ends well or says that the other is writing', async () => {
    using repository = new Repository();
    const exits = await Promise.all(Array.from({ length: 4 }, () => repository.start(['synth']).exited));
    assert.ok(exits.includes(0));
    assert.ok(
      exits.every((status) => status === 0 || status === 2),
      exits.join(),
    );
    using fresh = new Repository();
    fresh.run(['synth']);
    assert.deepEqual(repository.tree('dist'), fresh.tree('dist'));
  });
});

describe('a chart class of the user’s own', () => {
  const chart = (body: string): string => `import { ApiObject, Chart } from 'cdk8s';
import { applications as others } from './applications-of-lockstep';

class WikiChart extends Chart {
  constructor(scope: any, id: string, props: any) {
    super(scope, id, props);
    ${body}
  }
}

export const applications = [...others, { name: 'wiki', namespace: 'wiki', chart: { type: WikiChart, props: { pages: 3 } } }];
`;
  function withChart(body: string): Repository {
    const repository = new Repository();
    repository.write('config/applications-of-lockstep.ts', repository.read('config/applications.ts'));
    repository.write('config/applications.ts', chart(body));
    return repository;
  }

  it('brings its own objects, in its namespace, beside what the catalog says', () => {
    using repository = withChart(
      `new ApiObject(this, 'pages', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'pages' }, data: { pages: String(props.pages) } });`,
    );
    const { status, stdout } = repository.run(['synth']);
    assert.equal(status, 0, stdout);
    assert.deepEqual(parse(repository.read('dist/dev/wiki/manifests/configmap-pages.yaml')), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'pages', namespace: 'wiki' },
      data: { pages: '3' },
    });
    assert.ok(repository.has('dist/dev/wiki/manifests/namespace-wiki.yaml'));
  });

  it('is checked: a wrong field is refused before anything is written', () => {
    using repository = withChart(
      `new ApiObject(this, 'pages', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'pages' }, dta: { a: 'b' } });`,
    );
    const { status, stdout } = repository.run(['synth']);
    assert.equal(status, 1);
    assert.match(stdout, /^wiki\/manifests\/configmap-pages\.yaml: dta .*M001\n/);
    assert.deepEqual(repository.tree('dist'), {});
  });

  it('that brings a kind without a schema is written, and synth says that it was not checked', () => {
    using repository = withChart(
      `new ApiObject(this, 'a', { apiVersion: 'example.org/v1', kind: 'Widget', metadata: { name: 'a' }, spec: { anything: 1 } });`,
    );
    const { status, stderr } = repository.run(['synth']);
    assert.equal(status, 0);
    assert.match(stderr, /Not checked, for want of a schema: example\.org\/v1 Widget/);
  });

  it('that throws is named', () => {
    using repository = withChart(`throw new Error('no pages');`);
    const { status, stdout } = repository.run(['synth']);
    assert.equal(status, 1);
    assert.match(stdout, /wiki the chart WikiChart failed: no pages {3}M003/);
  });

  it('that brings one object twice is refused', () => {
    using repository = withChart(
      `for (const id of ['a', 'b']) new ApiObject(this, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'pages' } });`,
    );
    assert.match(repository.run(['synth']).stdout, /ConfigMap pages is brought twice {3}M002/);
  });
});

describe('the ingress host', () => {
  it('comes from INGRESS_HOST', () => {
    using repository = new Repository();
    repository.run(['synth'], { INGRESS_HOST: 'portal.example.org' });
    assert.match(repository.read('dist/dev/ai-platform-engineering.yaml'), /- host: portal\.example\.org\n/);
    repository.run(['synth']);
    assert.match(repository.read('dist/dev/ai-platform-engineering.yaml'), /- host: cnoe\.localtest\.me\n/);
  });
});
