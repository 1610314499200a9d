import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Configuration, StoreName } from '../../src/model/configuration.ts';
import {
  clientId,
  codesOf,
  environment,
  platformOf,
  resolution,
  soundConfiguration,
  tenantId,
} from '../fixtures/configuration.ts';

const azure = { AZURE_KEYVAULT_NAME: 'kv-mine', AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId };

function withApplication(type: 'NextJsChart' | 'AiPlatformEngineeringChart', secretStore?: StoreName): Configuration {
  return {
    ...soundConfiguration(),
    applications: [
      { name: 'shop', namespace: 'shop', chart: { type, ...(secretStore && { props: { secretStore } }) } },
    ],
  };
}

function storeOf(configuration: Configuration, variables: Record<string, string>, name = 'dev'): StoreName | undefined {
  return platformOf(configuration, variables, name).secrets[0]?.store;
}

describe('which store an application reads', () => {
  const keyVault = { ...azure, AI_PLATFORM_SECRET_STORE: 'azure-keyvault-store' };

  it('is its own entry before the variable', () =>
    assert.equal(
      storeOf(withApplication('AiPlatformEngineeringChart', 'vault-secret-store'), keyVault),
      'vault-secret-store',
    ));
  it('is the variable before the default of the environment', () => {
    assert.equal(storeOf(withApplication('AiPlatformEngineeringChart'), keyVault), 'azure-keyvault-store');
    assert.equal(storeOf(withApplication('AiPlatformEngineeringChart'), azure), 'vault-secret-store');
  });
  it('is not the AI platform’s variable for other applications', () =>
    assert.equal(storeOf(withApplication('NextJsChart'), keyVault), 'vault-secret-store'));
  it('is the default of the environment before anything else is said', () => {
    const configuration = soundConfiguration();
    const environments = {
      ...configuration.environments,
      dev: { ...environment, defaultStore: 'azure-keyvault-store' as const },
    };
    assert.equal(storeOf({ ...configuration, environments }, azure), 'azure-keyvault-store');
  });
});

describe('an environment without a Key Vault', () => {
  const named = withApplication('NextJsChart', 'azure-keyvault-store');

  it('reads from its default store, and says so in one line', () => {
    const platform = platformOf(named);
    assert.equal(platform.secrets[0]?.store, 'vault-secret-store');
    assert.equal(platform.environment.keyVault, undefined);
    assert.deepEqual(platform.notes, [
      'shop names azure-keyvault-store, but dev has no Key Vault: read from vault-secret-store instead.',
    ]);
  });

  it('is an error in production', () => {
    const production = { ...environment, production: true };
    const { problems } = resolution({ ...named, environments: { production } }, {}, 'production');
    assert.deepEqual(codesOf(problems), ['C021 environments.production']);
  });

  it('is an error where the variable asks for one', () => {
    const { problems } = resolution(withApplication('AiPlatformEngineeringChart'), {
      AI_PLATFORM_SECRET_STORE: 'azure-keyvault-store',
    });
    assert.deepEqual(codesOf(problems), ['C017 AZURE_KEYVAULT_NAME']);
  });

  it('says nothing where no application names it', () => assert.deepEqual(platformOf(soundConfiguration()).notes, []));
});

describe('the variables', () => {
  const named = withApplication('NextJsChart', 'azure-keyvault-store');
  const without = (name: keyof typeof azure): Record<string, string> =>
    Object.fromEntries(Object.entries(azure).filter(([key]) => key !== name));

  it('name the vault and the identity', () =>
    assert.deepEqual(platformOf(named, azure).environment.keyVault, {
      name: 'kv-mine',
      uri: 'https://kv-mine.vault.azure.net',
      tenantId,
      clientId,
    }));

  for (const name of ['AZURE_KEYVAULT_NAME', 'AZURE_TENANT_ID', 'AZURE_CLIENT_ID'] as const) {
    it(`${name} is missing`, () => {
      const { problems } = resolution(named, without(name));
      assert.deepEqual(codesOf(problems), [`C017 ${name}`]);
      assert.match(problems[0]?.hint ?? '', new RegExp(`export ${name}=`));
    });
    it(`${name} is empty`, () => {
      const { problems } = resolution(named, { ...azure, [name]: '' });
      assert.deepEqual(codesOf(problems), [`C018 ${name}`]);
      assert.match(problems[0]?.hint ?? '', new RegExp(`unset ${name}`));
    });
    it(`${name} is malformed`, () => {
      const { problems } = resolution(named, { ...azure, [name]: 'x!' });
      assert.deepEqual(codesOf(problems), [`C019 ${name}`]);
    });
  }

  for (const value of ['kv', 'k'.repeat(25), '1vault', 'kv--x', 'kv-', 'https://kv.vault.azure.net'])
    it(`"${value}" is not a vault name`, () =>
      assert.deepEqual(codesOf(resolution(named, { ...azure, AZURE_KEYVAULT_NAME: value }).problems), [
        'C019 AZURE_KEYVAULT_NAME',
      ]));

  it('are wrong where the store does not exist, and the nearest is offered', () => {
    const { problems } = resolution(named, { ...azure, AI_PLATFORM_SECRET_STORE: 'azure-keyvault' });
    assert.deepEqual(codesOf(problems), ['C019 AI_PLATFORM_SECRET_STORE']);
    assert.match(problems[0]?.message ?? '', /did you mean azure-keyvault-store/);
  });

  it('must not contradict config/, but may repeat it in another case', () => {
    const agreeing = {
      AZURE_KEYVAULT_NAME: 'KV-Shop-Prod',
      AZURE_TENANT_ID: tenantId.toUpperCase(),
      AZURE_CLIENT_ID: clientId,
    };
    assert.deepEqual(resolution(named, agreeing, 'production').problems, []);
    const { problems } = resolution(named, { ...azure, AZURE_TENANT_ID: clientId }, 'production');
    assert.deepEqual(codesOf(problems), ['C020 AZURE_KEYVAULT_NAME', 'C020 AZURE_TENANT_ID']);
  });

  it('must not lend an environment the Key Vault of another', () => {
    const { problems } = resolution(named, { ...azure, AZURE_KEYVAULT_NAME: 'kv-SHOP-prod' });
    assert.deepEqual(codesOf(problems), ['C012 AZURE_KEYVAULT_NAME']);
  });

  it('are not asked for where no application reads from Key Vault', () =>
    assert.deepEqual(resolution(soundConfiguration(), {}, 'production').problems, []));
});

describe('the ingress host', () => {
  it('is the entry’s, then INGRESS_HOST, then the environment’s, then cnoe.localtest.me', () => {
    const host = (configuration: Configuration, variables = {}): string | undefined =>
      platformOf(configuration, variables).applications[0]?.ingressHost;
    const plain = soundConfiguration();
    const ofEnvironment = { ...plain, environments: { dev: { ...environment, ingressHost: 'env.example.org' } } };
    const own = {
      ...plain,
      applications: [
        {
          name: 'shop',
          namespace: 'shop',
          chart: { type: 'NextJsChart' as const, props: { ingressHost: 'own.example.org' } },
        },
      ],
    };
    const variables = { INGRESS_HOST: 'variable.example.org' };
    assert.equal(host(plain), 'cnoe.localtest.me');
    assert.equal(host(ofEnvironment), 'env.example.org');
    assert.equal(host(ofEnvironment, variables), 'variable.example.org');
    assert.equal(host(own, variables), 'own.example.org');
  });
});

describe('the platform', () => {
  it('leaves out what the environment omits', () => {
    const configuration = soundConfiguration();
    const platform = platformOf({
      ...configuration,
      environments: { dev: { ...environment, omitSecrets: ['payment'] } },
    });
    assert.deepEqual(platform.secrets, []);
    assert.deepEqual(platform.applications[0]?.targets, []);
  });

  it('brings a target to the application that uses it, in its namespace', () => {
    const configuration = soundConfiguration();
    const platform = platformOf({
      ...configuration,
      applications: [
        ...configuration.applications,
        { name: 'back', namespace: 'office', chart: { type: 'BackstageChart' } },
      ],
      secrets: {
        payment: { ...configuration.secrets['payment'], targets: [{ name: 'payment', application: 'back' }] } as never,
      },
    });
    assert.deepEqual(
      platform.applications.map(({ name, targets }) => [
        name,
        targets.map(({ target }) => `${target.namespace}/${target.name}`),
      ]),
      [
        ['shop', []],
        ['back', ['office/payment']],
      ],
    );
  });

  it('gives each namespace to one application', () => {
    const configuration = soundConfiguration();
    const platform = platformOf({
      ...configuration,
      applications: [...configuration.applications, { name: 'two', namespace: 'shop', chart: { type: 'NextJsChart' } }],
    });
    assert.deepEqual(
      platform.applications.map(({ ownsNamespace }) => ownsNamespace),
      [true, false],
    );
  });
});
