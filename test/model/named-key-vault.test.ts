import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Configuration } from '../../src/model/configuration.ts';
import type { NamedKeyVault } from '../../src/model/platform.ts';
import { nameKeyVault } from '../../src/model/resolve-key-vault.ts';
import type { Variables } from '../../src/model/variables.ts';
import { clientId, platformOf, soundConfiguration, tenantId } from '../fixtures/configuration.ts';

/** In dev none is named, in production `kv-shop-prod`. */
function named(environment: string, variables: Variables = {}, configuration = soundConfiguration()): NamedKeyVault {
  return nameKeyVault(configuration, environment, variables);
}

/** `C020 AZURE_KEYVAULT_NAME` */
function problemsOf(answer: NamedKeyVault): string[] {
  assert.ok(answer.kind === 'wrong', answer.kind);
  return answer.problems.map(({ code, where }) => `${code} ${where}`);
}

const other = '00000000-0000-4000-8000-000000000009';

describe('the Key Vault that an environment names', () => {
  it('is none where neither config/ nor the variable names one', () => {
    assert.deepEqual(named('dev'), { kind: 'none' });
    assert.deepEqual(named('dev', { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId }), { kind: 'none' });
    assert.deepEqual(named('no such environment'), { kind: 'none' });
  });

  it('is what the variable alone says, without a tenant or an identity', () => {
    const expected = { kind: 'named', name: 'kv-shop-dev', uri: 'https://kv-shop-dev.vault.azure.net' };
    assert.deepEqual(named('dev', { AZURE_KEYVAULT_NAME: 'KV-Shop-dev' }), expected);
    assert.deepEqual(named('dev', { AZURE_KEYVAULT_NAME: 'kv-shop-dev', AZURE_TENANT_ID: tenantId }), expected);
  });

  it('is what config/ alone says, whoever the operator is', () => {
    const expected = { kind: 'named', name: 'kv-shop-prod', uri: 'https://kv-shop-prod.vault.azure.net' };
    assert.deepEqual(named('production'), expected);
    assert.deepEqual(named('production', { AZURE_KEYVAULT_NAME: 'KV-SHOP-PROD' }), expected);
    assert.deepEqual(named('production', { AZURE_TENANT_ID: other, AZURE_CLIENT_ID: other }), expected);
    const sound = soundConfiguration();
    const { production } = sound.environments;
    assert.ok(production);
    const azure = { keyVaultName: 'KV-Shop-Prod' };
    const configuration: Configuration = { ...sound, environments: { production: { ...production, azure } } };
    assert.deepEqual(named('production', {}, configuration), expected);
  });

  it('is wrong where the variable contradicts config/', () => {
    const answer = named('production', { AZURE_KEYVAULT_NAME: 'kv-shop-dev', AZURE_TENANT_ID: other });
    assert.deepEqual(problemsOf(answer), ['C020 AZURE_KEYVAULT_NAME']);
  });

  it('is wrong where the variable lends it that of another environment, in whatever case', () => {
    const spellings = fc.mixedCase(fc.constant('kv-shop-prod'));
    fc.assert(
      fc.property(spellings, (name) => {
        const answer = named('dev', { AZURE_KEYVAULT_NAME: name, AZURE_TENANT_ID: tenantId });
        assert.deepEqual(problemsOf(answer), ['C012 AZURE_KEYVAULT_NAME']);
      }),
    );
    const [problem] = ((answer) => (answer.kind === 'wrong' ? answer.problems : []))(
      named('dev', { AZURE_KEYVAULT_NAME: 'kv-shop-prod' }),
    );
    assert.match(`${problem?.message} ${problem?.hint}`, /Key Vault of production.*--environment production/s);
  });

  it('is the platform’s, where no application reads from a Key Vault', () => {
    const { environment } = platformOf(soundConfiguration(), {}, 'production');
    assert.deepEqual(environment.namedKeyVault, named('production'));
  });
});
