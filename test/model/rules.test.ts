import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { codesOf, environment, problemsOf, secret, soundConfiguration } from '../fixtures/configuration.ts';

/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-argument -- what is loaded may be anything */
type Change = (configuration: any) => unknown;

/** Through JSON, so that nothing is shared and one change is one. */
function broken(change: Change, before: Readonly<Record<string, unknown>> = {}): string[] {
  const configuration = JSON.parse(JSON.stringify(soundConfiguration())) as Record<string, unknown>;
  configuration['secrets'] = { ...before, ...(configuration['secrets'] as object) };
  change(configuration);
  return codesOf(problemsOf(configuration));
}

describe('the rules of the configuration', () => {
  it('find nothing wrong with a sound one', () => assert.deepEqual(codesOf(problemsOf(soundConfiguration())), []));

  const cases: Record<string, [change: Change, ...found: string[]]> = {
    'an unknown property': [(c) => (c.secrets.payment.vaultPth = 'x'), 'C001 secrets.payment.vaultPth'],
    'a value of the wrong type': [(c) => (c.secrets.payment.targets = {}), 'C002 secrets.payment.targets'],
    'an unknown store': [
      (c) => (c.applications[0].chart.props = { secretStore: 'azure-keyvault' }),
      'C002 applications[0].chart.props.secretStore',
    ],
    'no environments': [(c) => delete c.environments, 'C002 environments'],
    'one name for two applications': [(c) => c.applications.push(c.applications[0]), 'C003 applications[1].name'],
    'an application name that is no DNS label': [
      (c) => {
        c.applications[0].name = 'Shop';
        for (const name of Object.keys(c.secrets)) c.secrets[name].application = 'Shop';
      },
      'C004 applications[0].name',
    ],
    'an application named as a file of the output': [
      (c) => c.applications.push({ name: 'app-of-apps', namespace: 'x', chart: { type: 'NextJsChart' } }),
      'C004 applications[1].name',
    ],
    'a namespace that is no DNS label': [
      (c) => (c.applications[0].namespace = 'a.b'),
      'C004 applications[0].namespace',
    ],
    'a field that is no key of a Secret': [
      (c) => (c.secrets.payment.fields['A B'] = { description: 'd', format: 'text' }),
      "C004 secrets.payment.fields['A B']",
    ],
    'a target name that is no DNS name': [
      (c) => (c.secrets.payment.targets[0].name = 'a_b'),
      'C004 secrets.payment.targets[0].name',
    ],
    'an unknown chart type': [(c) => (c.applications[0].chart.type = 'NextJSChart'), 'C005 applications[0].chart.type'],
    'a Key Vault secret name with a slash': [
      (c) => (c.secrets.payment.keyVaultName = 'a/b'),
      'C006 secrets.payment.keyVaultName',
    ],
    'a Key Vault secret name of 128': [
      (c) => (c.secrets.payment.keyVaultName = 'a'.repeat(128)),
      'C006 secrets.payment.keyVaultName',
    ],
    'a Key Vault name of 25': [
      (c) => (c.environments.production.azure.keyVaultName = 'k'.repeat(25)),
      'C006 environments.production.azure.keyVaultName',
    ],
    'a Vault path that leaves its place': [
      (c) => (c.secrets.payment.vaultPath = 'a/../b'),
      'C007 secrets.payment.vaultPath',
    ],
    'a Vault path with data/ in front': [
      (c) => (c.secrets.payment.vaultPath = 'data/a'),
      'C007 secrets.payment.vaultPath',
    ],
    'an application that does not exist': [
      (c) => (c.secrets.payment.application = 'shopp'),
      'C008 secrets.payment.application',
    ],
    'a target for an application that does not exist': [
      (c) => (c.secrets.payment.targets[0].application = 'x'),
      'C008 secrets.payment.targets[0].application',
    ],
    'an omitted secret that does not exist': [
      (c) => (c.environments.dev.omitSecrets = ['paiment']),
      'C009 environments.dev.omitSecrets[0]',
    ],
    'a field used in a target but not declared': [
      (c) => (c.secrets.payment.targets[0].fields = ['CARD']),
      'C010 secrets.payment.targets[0].fields[0]',
    ],
    'a field used in a condition but not declared': [
      (c) => (c.secrets.payment.fields.CARD_KEY.required.whenField = 'KIND'),
      'C010 secrets.payment.fields.CARD_KEY.required.whenField',
    ],
    'a field used in a template but not declared': [
      (c) => (c.secrets.payment.targets[0].template = { url: 'https://{{ .HOST }}/' }),
      'C010 secrets.payment.targets[0].template.url',
    ],
    'a secret without a target': [(c) => (c.secrets.payment.targets = []), 'C011 secrets.payment.targets'],
    'a secret without a field': [(c) => (c.secrets.payment.fields = {}), 'C011 secrets.payment.fields'],
    'two environments on one Key Vault, in another case': [
      (c) => (c.environments.staging = { ...environment, azure: { keyVaultName: 'KV-Shop-Prod' } }),
      'C012 environments.staging.azure.keyVaultName',
    ],
    'two secrets on one Vault path': [
      (c) => (c.secrets.other = { ...secret, keyVaultName: 'other', targets: [{ name: 'other' }] }),
      'C013 secrets.other.vaultPath',
    ],
    'two secrets on one Key Vault name, in another case': [
      (c) =>
        (c.secrets.other = {
          ...secret,
          vaultPath: 'other',
          keyVaultName: 'Shop-Payment',
          targets: [{ name: 'other' }],
        }),
      'C013 secrets.other.keyVaultName',
    ],
    'two targets on one Kubernetes Secret': [
      (c) => (c.secrets.other = { ...secret, vaultPath: 'other', keyVaultName: 'other' }),
      'C014 secrets.other.targets[0].name',
    ],
    'a TLS target without its keys': [
      (c) => (c.secrets.payment.targets[0].type = 'kubernetes.io/tls'),
      'C015 secrets.payment.targets[0].type',
      'C015 secrets.payment.targets[0].type',
    ],
    'a TLS target whose key may be absent': [
      (c) => {
        c.secrets.payment.targets[0].type = 'kubernetes.io/tls';
        c.secrets.payment.targets[0].keys = { PROVIDER: 'tls.crt', NOTE: 'tls.key' };
      },
      'C015 secrets.payment.fields.NOTE.required',
    ],
    'one key for two fields': [
      (c) => (c.secrets.payment.targets[0].keys = { NOTE: 'PROVIDER' }),
      'C016 secrets.payment.targets[0].keys.NOTE',
    ],
    'a label value that Kubernetes refuses': [
      (c) => (c.secrets.payment.targets[0].labels = { team: 'a b' }),
      'C022 secrets.payment.targets[0].labels.team',
    ],
    'a label value of 64': [
      (c) => (c.secrets.payment.targets[0].labels = { team: 'a'.repeat(64) }),
      'C022 secrets.payment.targets[0].labels.team',
    ],
    'a duration that the operator rewrites': [
      (c) => (c.environments.dev.externalSecrets.refreshInterval = '1h'),
      'C023 environments.dev.externalSecrets.refreshInterval',
    ],
    'an operator that is too old': [
      (c) => (c.environments.dev.externalSecrets.version = '0.9.20'),
      'C023 environments.dev.externalSecrets.version',
    ],
    'a template that is not closed': [
      (c) => (c.secrets.payment.targets[0].template = { a: '{{ .NOTE' }),
      'C025 secrets.payment.targets[0].template.a',
    ],
    'a chart whose secret is not declared': [
      (c) => c.applications.push({ name: 'h', namespace: 'h', chart: { type: 'HeadlampChart' } }),
      'C026 applications[1].chart',
    ],
    'a condition that is never true': [
      (c) => (c.secrets.payment.fields.CARD_KEY.required.is = ['cash']),
      'C027 secrets.payment.fields.CARD_KEY.required.is',
    ],
    'a text secret whose target has no key': [
      (c) =>
        (c.secrets.text = {
          description: 'd',
          application: 'shop',
          vaultPath: 't',
          keyVaultName: 't',
          targets: [{ name: 't' }],
          text: { format: 'text' },
        }),
      'C028 secrets.text.targets[0]',
    ],
    'a production Vault over plain HTTP': [
      (c) => (c.environments.production.vault.server = 'http://vault:8200'),
      'C029 environments.production.vault.server',
    ],
    'a production Vault in development mode': [
      (c) => (c.environments.production.vault.profile = 'dev'),
      'C029 environments.production.vault.profile',
    ],
  };
  for (const [name, [change, ...found]] of Object.entries(cases))
    it(`find ${name}`, () => {
      assert.deepEqual(broken(change), found);
      // Behind a sound secret too: no rule stops at the first.
      const sound = {
        ...secret,
        vaultPath: 'sound',
        keyVaultName: 'sound',
        targets: [{ name: 'sound' }, { name: 'sound-too' }],
      };
      assert.deepEqual(broken(change, { sound }), found);
    });

  it('report everything at once, and an unsound entry only once', () => {
    const found = broken((c) => {
      c.applications[0].chart.type = 42;
      c.secrets.payment.keyVaultName = '?';
      c.environments.dev.defaultStore = 'vault';
    });
    assert.deepEqual(found, [
      'C002 applications[0].chart.type',
      'C002 environments.dev.defaultStore',
      'C006 secrets.payment.keyVaultName',
    ]);
  });

  it('never throw, whatever is loaded, and always say what to do', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (applications, secrets, environments) => {
        for (const problem of problemsOf({ applications, secrets, environments }))
          assert.ok(problem.message !== '' && problem.hint !== '' && problem.where.startsWith('config/'));
      }),
    );
  });

  it('hold Key Vault names apart without case and Vault paths with it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/), fc.boolean(), (name, upper) => {
        const other = upper ? name.toUpperCase() : name;
        const found = broken((c) => {
          c.secrets.payment.vaultPath = name;
          c.secrets.payment.keyVaultName = name;
          c.secrets.other = { ...secret, vaultPath: other, keyVaultName: other, targets: [{ name: 'other' }] };
        });
        const same = ['C013 secrets.other.keyVaultName'];
        assert.deepEqual(found, other === name ? ['C013 secrets.other.vaultPath', ...same] : same);
      }),
    );
  });

  it('quote the place as TypeScript would', () =>
    assert.deepEqual(
      broken(
        (c) =>
          (c.secrets['registry-credentials'] = {
            ...secret,
            vaultPath: '',
            keyVaultName: 'x',
            targets: [{ name: 'x' }],
          }),
      ),
      ["C002 secrets['registry-credentials'].vaultPath"],
    ));
});
