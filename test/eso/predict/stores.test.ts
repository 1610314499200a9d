import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Store, StoreCondition } from '../../../src/eso/resources.ts';
import type { Given } from './sample.ts';
import { existing, externalSecret, extract, keyVaultStore, predicted, summary, vaultStore } from './sample.ts';

const resource = externalSecret({ dataFrom: [extract('K')] });
const remote = { K: '{"a":"x"}', 'secret/data/K': '{"a":"x"}' };

function errorOf(store: Store, given: Omit<Given, 'store'> = {}): string {
  const outcome = summary(predicted(resource, { store, remote, ...given }));
  if (outcome.kind !== 'fails') return outcome.kind === 'created' ? 'none' : JSON.stringify(outcome);
  assert.equal(outcome.message, 'could not get secret data from provider');
  const prefix = 'error processing spec.dataFrom[0].extract, err: ';
  assert.ok(outcome.event.startsWith(prefix), outcome.event);
  return outcome.event.slice(prefix.length);
}

/** One whose status nobody saw. */
function unseen({ ready: _, ...store }: Store): Store {
  return store;
}

const notReady = 'ClusterSecretStore "store" is not ready';

describe('a store', () => {
  it('that is missing is an error, and one that nobody looked for is unpredictable', () => {
    assert.equal(
      errorOf(keyVaultStore({}, { kind: 'SecretStore' })),
      'could not get ClusterSecretStore "store", ClusterSecretStore.external-secrets.io "store" not found',
    );
    const unknown = predicted(resource, { store: 'unknown' });
    assert.ok(unknown.kind === 'unpredictable' && unknown.reason === 'store');
  });

  it('of another controller makes the operator skip the ExternalSecret', () => {
    const store = keyVaultStore({}, { spec: { controller: 'other' } });
    assert.deepEqual(summary(predicted(resource, { store, remote })), {
      kind: 'skipped',
      because: 'ClusterSecretStore store is of another controller, other',
    });
    assert.equal(errorOf(store, { operator: { controllerClass: 'other' } }), 'none');
  });

  it('of another controller is only an error behind a ClusterSecretStore', () => {
    const store = keyVaultStore({}, { kind: 'SecretStore', spec: { controller: 'other' } });
    const storeRef = { kind: 'SecretStore', name: 'store' };
    const behind = externalSecret({
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'absent' },
      dataFrom: [{ ...extract('K'), sourceRef: { storeRef } }],
    });
    assert.deepEqual(summary(predicted(behind, { store, remote })), {
      kind: 'fails',
      message: 'could not get secret data from provider',
      event: 'error processing spec.dataFrom[0].extract, err: can not reference unmanaged store',
    });
    const alone = externalSecret({ secretStoreRef: storeRef, dataFrom: [extract('K')] });
    assert.equal(predicted(alone, { store, remote }).kind, 'skipped');
  });

  it('that is not ready is not asked, unless the flood gate is open', () => {
    const ready = { status: 'False', reason: 'InvalidProviderConfig', message: 'unable to create client' };
    assert.equal(errorOf(keyVaultStore({}, { ready })), notReady);
    assert.equal(errorOf(keyVaultStore({}, { ready }), { operator: { floodGate: false } }), 'none');
  });

  it('that nobody saw is taken to be ready', () => {
    const outcome = predicted(resource, { store: unseen(keyVaultStore()), remote });
    assert.deepEqual(outcome.assumed, ['ClusterSecretStore store is ready']);
  });

  it('of another provider is unpredictable', () => {
    const store = keyVaultStore({}, { spec: { provider: { kind: 'other', name: 'aws' } } });
    for (const given of [store, unseen(store)]) {
      const outcome = predicted(resource, { store: given });
      assert.ok(outcome.kind === 'unpredictable' && outcome.reason === 'store');
    }
  });
});

describe('the conditions of a ClusterSecretStore', () => {
  const denied = 'using cluster store "store" is not allowed from namespace "example": denied by spec.condition';
  const verdict = (condition: Partial<StoreCondition>, given: Omit<Given, 'store'> = {}): string => {
    const conditions = [{ namespaces: [], namespaceRegexes: [], ...condition }];
    return errorOf(keyVaultStore({}, { spec: { conditions } }), given);
  };
  const selector = (operator: string, values: string[] = []): Partial<StoreCondition> => ({
    namespaceSelector: { matchLabels: {}, matchExpressions: [{ key: 'team', operator, values }] },
  });

  it('take names', () => {
    assert.equal(verdict({ namespaces: ['example'] }), 'none');
    assert.equal(verdict({ namespaces: ['other'] }), denied);
    assert.equal(verdict({ namespaces: ['other'] }, { namespaceLabels: 'unknown' }), denied);
  });

  it('take selectors', () => {
    const labelled = { namespaceLabels: { team: 'a' } };
    assert.equal(verdict({ namespaceSelector: { matchLabels: {}, matchExpressions: [] } }), 'none');
    assert.equal(
      verdict({ namespaceSelector: { matchLabels: { team: 'a' }, matchExpressions: [] } }, labelled),
      'none',
    );
    assert.equal(verdict(selector('In', ['a', 'b']), labelled), 'none');
    assert.equal(verdict(selector('In', ['b']), labelled), denied);
    assert.equal(verdict(selector('NotIn', ['a']), labelled), denied);
    assert.equal(verdict(selector('NotIn', ['a'])), 'none');
    assert.equal(verdict(selector('Exists'), labelled), 'none');
    assert.equal(verdict(selector('DoesNotExist'), labelled), denied);
  });

  it('cannot be told where a label decides that nobody knows', () => {
    assert.match(verdict(selector('Exists'), { namespaceLabels: 'unknown' }), /the labels of namespace example decide/);
    const both = { ...selector('Exists'), namespaceRegexes: ['^exam'] };
    assert.equal(verdict(both, { namespaceLabels: 'unknown' }), 'none');
  });

  it('take regular expressions', () => {
    assert.equal(verdict({ namespaceRegexes: ['^ample'] }), denied);
    assert.equal(verdict({ namespaceRegexes: ['ample$'] }), 'none');
    assert.equal(
      verdict({ namespaceRegexes: ['('] }),
      'failed to compile regex (: error parsing regexp: missing closing ): `(`',
    );
  });

  it('do not count in a SecretStore', () => {
    const store = keyVaultStore(
      {},
      { kind: 'SecretStore', spec: { conditions: [{ namespaces: [], namespaceRegexes: [] }] } },
    );
    const own = externalSecret({ secretStoreRef: { kind: 'SecretStore', name: 'store' }, dataFrom: [extract('K')] });
    assert.equal(predicted(own, { store, remote }).kind, 'syncs');
  });
});

describe('the credentials of a store for Key Vault', () => {
  const annotations = { 'azure.workload.identity/client-id': 'example-client' };
  /** Of each ExternalSecret's namespace, so that the error itself is told. */
  const referent = { serviceAccountRef: { name: 'sa', audiences: [] } };
  const servicePrincipal = { authType: 'ServicePrincipal', tenantId: 'example-tenant' } as const;
  const clientId = { name: 'credentials', key: 'id' };
  const clientSecret = { name: 'credentials', key: 'secret' };

  it('need a ServiceAccount with a client id', () => {
    assert.equal(errorOf(keyVaultStore(referent), { serviceAccounts: {} }), 'ServiceAccount "sa" not found');
    assert.equal(
      errorOf(keyVaultStore({ ...referent, useAzureSDK: true }), { serviceAccounts: {} }),
      'failed to get service account: ServiceAccount "sa" not found',
    );
    assert.equal(
      errorOf(keyVaultStore(referent), { serviceAccounts: { 'example/sa': { annotations: {} } } }),
      "missing clientID: either serviceAccountRef or service account annotation 'azure.workload.identity/client-id' is missing",
    );
    assert.equal(
      errorOf(keyVaultStore({ ...referent, useAzureSDK: true }), {
        serviceAccounts: { 'example/sa': { annotations } },
      }),
      'missing tenantID in store config',
    );
    assert.equal(errorOf(keyVaultStore(referent), { serviceAccounts: { 'example/sa': { annotations } } }), 'none');
    const both = { ...annotations, 'azure.workload.identity/tenant-id': 'example-tenant' };
    assert.equal(
      errorOf(keyVaultStore(referent), { serviceAccounts: { 'example/sa': { annotations: both } } }),
      'none',
    );
  });

  it('make the store not ready where they are its own', () => {
    assert.equal(errorOf(unseen(keyVaultStore()), { serviceAccounts: {} }), notReady);
    assert.equal(errorOf(unseen(keyVaultStore(referent)), { serviceAccounts: {} }), 'ServiceAccount "sa" not found');
  });

  it('of a service principal are in Secrets', () => {
    const store = (authSecretRef: object, useAzureSDK = false): Store =>
      keyVaultStore({ ...servicePrincipal, authSecretRef, useAzureSDK });
    assert.equal(errorOf(keyVaultStore({ authType: 'ServicePrincipal' })), 'missing tenantID in store config');
    assert.equal(errorOf(keyVaultStore(servicePrincipal)), 'missing secretRef in provider config');
    const missing = 'missing accessKeyID/secretAccessKey in store config';
    assert.equal(errorOf(store({ clientId })), missing);
    assert.equal(
      errorOf(store({ clientId, clientSecret, clientCertificate: clientSecret })),
      'both clientSecret and clientCredentials set',
    );
    assert.equal(
      errorOf(store({ clientId, clientSecret })),
      'cannot get Kubernetes secret "credentials" from namespace "example": secrets "credentials" not found',
    );
    const secrets = { credentials: existing({ id: 'example-client' }) };
    assert.equal(errorOf(store({ clientId, clientSecret }), { secrets }), 'cannot find secret data for key: "secret"');
    assert.equal(
      errorOf(store({ clientId, clientSecret }, true), { secrets }),
      'failed to get clientSecret: cannot find secret data for key: "secret"',
    );
    assert.equal(errorOf(store({ clientId }, true), { secrets }), missing);
  });

  it('are of no use in a cloud that is gone', () => {
    assert.match(
      errorOf(keyVaultStore({ useAzureSDK: true, environmentType: 'GermanCloud' })),
      /^failed to get cloud configuration: Azure Germany/,
    );
    assert.equal(errorOf(keyVaultStore({ environmentType: 'GermanCloud' })), 'none');
  });
});

describe('the credentials of a store for Vault', () => {
  it('are a method that is configured, or none at all', () => {
    assert.equal(
      errorOf(vaultStore({ auth: { others: [] } })),
      'cannot initialize Vault client: no valid auth method specified',
    );
    assert.equal(errorOf(unseen(vaultStore({ auth: { others: [] } }))), notReady);
    assert.equal(errorOf(vaultStore({ auth: { others: ['jwt'] } })), 'none');
  });

  it('are a token as it is in its Secret', () => {
    const store = vaultStore({ auth: { tokenSecretRef: { name: 'token', key: 'token' }, others: [] } });
    assert.equal(
      errorOf(store),
      'cannot get Kubernetes secret "token" from namespace "example": secrets "token" not found',
    );
    assert.equal(errorOf(store, { secrets: { token: existing({ token: 'example' }) } }), 'none');
    assert.equal(
      errorOf(store, { secrets: { token: existing({ token: 'example\n' }) } }),
      'cannot read secret data from Vault: configured Vault token contains non-printable characters and cannot be used',
    );
  });

  it('are a ServiceAccount for Kubernetes auth', () => {
    assert.equal(
      errorOf(vaultStore(), { serviceAccounts: {} }),
      'cannot request Kubernetes service account token for service account "external-secrets": cannot get Kubernetes service account "external-secrets": ServiceAccount "external-secrets" not found',
    );
    assert.equal(errorOf(unseen(vaultStore()), { serviceAccounts: {} }), notReady);
  });

  it('need certificates that can be read', () => {
    assert.equal(
      errorOf(vaultStore({ caBundle: Buffer.from('no certificate').toString('base64') })),
      'failed to decode ca bundle: failed to parse the new certificate, not valid pem data',
    );
    assert.equal(
      errorOf(vaultStore({ caProvider: { type: 'ConfigMap', name: 'ca', key: 'ca.crt' } })),
      'missing namespace on caProvider secret',
    );
    const caProvider = { type: 'ConfigMap', name: 'ca', key: 'ca.crt', namespace: 'example' };
    assert.equal(
      errorOf(vaultStore({ caProvider })),
      'failed to get cert from configmap: failed to get caProvider secret ca: configmaps "ca" not found',
    );
    assert.equal(
      errorOf(vaultStore({ caProvider }), { configMaps: { ca: { 'ca.crt': 'no certificate' } } }),
      'cannot set Vault CA certificate: failed to parse certificates from CertPool',
    );
  });
});
