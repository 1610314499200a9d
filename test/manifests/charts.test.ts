import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfiguration } from '../../src/configuration/load-configuration.ts';
import { applicationManifests } from '../../src/manifests/application-manifests.ts';
import { appOfApps } from '../../src/manifests/argo-cd-application.ts';
import type { Manifest } from '../../src/manifests/manifest.ts';
import type { Configuration, EnvironmentDefinition } from '../../src/model/configuration.ts';
import type { Application, Platform } from '../../src/model/platform.ts';
import { clientId, platformOf, tenantId } from '../fixtures/configuration.ts';
import { checkout } from '../fixtures/repository.ts';

const { configuration } = await loadConfiguration(checkout);
const identity = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId };

/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-argument -- manifests are plain data */
type Loose = any;

function brought(
  platform: Platform,
  name: string,
): { manifests: readonly Manifest[]; argo: Loose; find: (kind: string, name?: string) => Loose } {
  const application = platform.applications.find((candidate) => candidate.name === name);
  assert.ok(application);
  const { manifests, argoCdApplication } = applicationManifests(application, platform);
  return {
    manifests,
    argo: argoCdApplication,
    find: (kind, of) =>
      manifests.find((manifest) => manifest.kind === kind && (of === undefined || manifest.metadata.name === of)),
  };
}

function dev(
  change: (configuration: Configuration) => Configuration = (same) => same,
  variables: Record<string, string> = {},
): Platform {
  return platformOf(change(configuration), variables);
}
const production = (): Platform => platformOf(configuration, identity, 'production');

function withProps(name: string, props: object): (configuration: Configuration) => Configuration {
  return (of) => ({
    ...of,
    applications: of.applications.map((application) =>
      application.name === name
        ? { ...application, chart: { ...application.chart, props: { ...application.chart.props, ...props } } }
        : application,
    ),
  });
}

describe('an application that runs elsewhere', () => {
  it('gets its secrets and nothing besides', () => {
    const platform = dev((of) => ({
      ...of,
      applications: of.applications.map((application) =>
        application.name === 'nextjs' ? { ...application, chart: { type: 'SecretsChart' } } : application,
      ),
    }));
    const { manifests, argo } = brought(platform, 'nextjs');
    assert.deepEqual([...new Set(manifests.map(({ kind }) => kind))], ['Namespace', 'ExternalSecret']);
    assert.equal(argo.spec.destination.namespace, 'nextjs');
  });
});

describe('the AI platform', () => {
  const values = (platform: Platform): Loose =>
    brought(platform, 'ai-platform-engineering').argo.spec.sources[1].helm.valuesObject;

  it('takes the upstream chart as a second source, with its own ExternalSecrets off and the Secrets of the catalog', () => {
    const { argo } = brought(dev(), 'ai-platform-engineering');
    const { repoURL, chart, targetRevision } = argo.spec.sources[1];
    assert.deepEqual(
      [repoURL, chart, targetRevision],
      ['ghcr.io/cnoe-io/helm-charts', 'ai-platform-engineering', '0.1.10'],
    );
    const given = values(dev());
    assert.equal(given.global.externalSecrets.enabled, false);
    assert.deepEqual(given['external-secrets-configuration'].externalSecrets, []);
    assert.equal(given.global.secrets.secretName, 'ai-platform-global-secrets');
    for (const agent of ['argocd', 'github', 'jira', 'pagerduty', 'slack'])
      assert.equal(given[`agent-${agent}`].secrets.secretName, `agent-${agent}-secrets`);
  });

  it('is the same from Vault and from Key Vault, but for the store and the names in it', () => {
    const variables = {
      ...identity,
      AZURE_KEYVAULT_NAME: 'kv-example',
      AI_PLATFORM_SECRET_STORE: 'azure-keyvault-store',
    };
    const strip = (platform: Platform): unknown => {
      const { manifests, argo } = brought(platform, 'ai-platform-engineering');
      return JSON.parse(
        JSON.stringify([manifests, argo])
          .replaceAll('azure-keyvault-store', 'vault-secret-store')
          .replaceAll(
            /ai-platform-engineering[-/](global|(?:argocd|github|jira|pagerduty|slack)(?:-secret)?)(?=["\\,])/g,
            (_, name: string) => name.replace('-secret', ''),
          ),
      );
    };
    assert.deepEqual(strip(dev(undefined, variables)), strip(dev()));
  });

  it('runs the agents that are chosen and whose secret the environment has', () => {
    const chosen = values(dev(withProps('ai-platform-engineering', { agents: ['github', 'jira'] })));
    assert.deepEqual(chosen['ai-platform-engineering'].multiAgentConfig.agents, ['github', 'jira']);
    assert.deepEqual(chosen['agent-slack'], { enabled: false });
    const omitting = (of: Configuration): Configuration => ({
      ...of,
      environments: { dev: { ...(of.environments['dev'] as EnvironmentDefinition), omitSecrets: ['slack'] } },
    });
    assert.deepEqual(values(dev(omitting))['agent-slack'], { enabled: false });
  });
});

describe('external-secrets', () => {
  it('brings the operator from its Helm chart, in the version of the environment and with the ServiceAccount that is brought beside it', () => {
    const { source, destination } = brought(dev(), 'external-secrets').find('Application').spec;
    assert.deepEqual(
      [source.repoURL, source.chart, source.targetRevision],
      ['https://charts.external-secrets.io', 'external-secrets', '0.20.4'],
    );
    assert.deepEqual(source.helm.valuesObject.serviceAccount, { create: false, name: 'external-secrets' });
    assert.equal(destination.namespace, 'external-secrets');
    assert.ok(brought(dev(), 'external-secrets').find('ServiceAccount', 'external-secrets'));
  });

  it('lets the Vault store sign in by Kubernetes auth, and never by a token', () => {
    const { spec } = brought(dev(), 'external-secrets').find('ClusterSecretStore', 'vault-secret-store');
    assert.deepEqual(spec.provider.vault.auth, {
      kubernetes: {
        mountPath: 'kubernetes',
        role: 'external-secrets',
        serviceAccountRef: { name: 'external-secrets', namespace: 'external-secrets', audiences: ['vault'] },
      },
    });
  });

  it('brings both stores where there is a Key Vault, and trusts the CA of a Vault with TLS', () => {
    const { find, manifests } = brought(production(), 'external-secrets');
    assert.deepEqual(
      manifests.filter(({ kind }) => kind === 'ClusterSecretStore').map(({ metadata }) => metadata.name),
      ['vault-secret-store', 'azure-keyvault-store'],
    );
    assert.deepEqual(find('ClusterSecretStore', 'vault-secret-store').spec.provider.vault.caProvider, {
      type: 'Secret',
      name: 'vault-server-tls',
      namespace: 'vault',
      key: 'ca.crt',
    });
    assert.equal(brought(dev(), 'external-secrets').find('ClusterSecretStore', 'azure-keyvault-store'), undefined);
    for (const store of manifests.filter(({ kind }) => kind === 'ClusterSecretStore'))
      assert.equal(store.metadata.namespace, undefined);
  });
});

describe('vault', () => {
  const values = (platform: Platform): Loose =>
    brought(platform, 'vault').find('Application').spec.source.helm.valuesObject;

  it('is in memory with the profile dev', () => assert.equal(values(dev()).server.dev.enabled, true));

  it('has Raft, TLS and audit storage with the profile ha', () => {
    const { global, server } = values(production());
    assert.equal(global.tlsDisable, false);
    assert.equal(server.auditStorage.enabled, true);
    assert.deepEqual([server.ha.enabled, server.ha.replicas, server.ha.raft.enabled], [true, 3, true]);
    assert.match(server.ha.raft.config, /tls_cert_file = "\/vault\/tls\/tls\.crt"/);
    assert.equal(server.ha.raft.config.match(/retry_join/g).length, 3);
    assert.equal(server.dev, undefined);
  });
});

describe('a web application', () => {
  it('has no workload until it is said which image', () =>
    assert.deepEqual(
      brought(dev(), 'nextjs').manifests.map(({ kind }) => kind),
      ['Namespace', 'ExternalSecret', 'ExternalSecret'],
    ));

  it('takes its Secrets by their types', () => {
    const platform = dev(withProps('nextjs', { image: 'registry.example.org/nextjs:1.0.0', port: 8080 }));
    const { find } = brought(platform, 'nextjs');
    const { spec } = find('Deployment').spec.template;
    assert.deepEqual(spec.imagePullSecrets, [{ name: 'registry-credentials' }]);
    assert.deepEqual(spec.containers[0].envFrom, [{ secretRef: { name: 'nextjs-secrets' } }]);
    assert.equal(spec.containers[0].ports[0].containerPort, 8080);
    assert.equal(find('Ingress').spec.rules[0].host, 'nextjs.cnoe.localtest.me');
    assert.ok(find('Service'));
  });

  it('Headlamp signs in with the secret of the catalog and serves its certificate', () => {
    const given = brought(dev(), 'headlamp').argo.spec.sources[1].helm.valuesObject;
    assert.deepEqual(given.config.oidc.externalSecret, { enabled: true, name: 'headlamp-oidc' });
    assert.equal(given.ingress.tls[0].secretName, 'headlamp-tls');
  });
});

describe('the Argo CD Application', () => {
  it('prunes, heals itself, creates its namespace, applies and compares on the server', () => {
    const { argo } = brought(production(), 'nextjs');
    assert.equal(argo.metadata.annotations['argocd.argoproj.io/compare-options'], 'ServerSideDiff=true');
    assert.deepEqual(argo.spec.syncPolicy.automated, { prune: true, selfHeal: true });
    assert.deepEqual(argo.spec.syncPolicy.syncOptions, ['CreateNamespace=true', 'ServerSideApply=true']);
    assert.deepEqual(argo.spec.source, {
      repoURL: 'https://github.com/example-org/platform.git',
      path: 'dist/production/nextjs/manifests',
      targetRevision: 'main',
    });
  });

  it('of idpbuilder names the folder beside it', () =>
    assert.equal(brought(dev(), 'nextjs').argo.spec.source.repoURL, 'cnoe://nextjs/manifests'));

  it('comes in waves: stores before ExternalSecrets before workloads, within an application and between them', () => {
    const wave = (manifest: Loose): number => Number(manifest.metadata.annotations['argocd.argoproj.io/sync-wave']);
    const stores = brought(production(), 'external-secrets');
    const platform = dev(withProps('nextjs', { image: 'registry.example.org/nextjs:1.0.0' }));
    const application = brought(platform, 'nextjs');
    const order = [
      application.find('Namespace'),
      stores.find('Application'),
      stores.find('ServiceAccount'),
      stores.find('ClusterSecretStore'),
      application.find('ExternalSecret'),
      application.find('Deployment'),
    ].map(wave);
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(order).size, order.length);
    assert.deepEqual(
      ['vault', 'external-secrets', 'nextjs'].map((name) => wave(brought(production(), name).argo)),
      [-4, -2, 0],
    );
  });

  it('of all others is the app-of-apps, which leaves itself out; idpbuilder has none', () => {
    const { metadata, spec } = appOfApps(production().environment) as Loose;
    assert.equal(metadata.name, 'platform-production');
    assert.equal(spec.source.path, 'dist/production');
    assert.deepEqual(spec.source.directory, { include: '*.yaml', exclude: 'app-of-apps.yaml' });
    assert.equal(appOfApps(dev().environment), undefined);
  });

  it('of an application that shares its namespace brings no second Namespace', () => {
    const platform = dev((of) => ({
      ...of,
      applications: [...of.applications, { name: 'wiki', namespace: 'nextjs', chart: { type: 'NextJsChart' } }],
    }));
    assert.equal(brought(platform, 'wiki').find('Namespace'), undefined);
    assert.ok(brought(platform, 'nextjs').find('Namespace'));
    assert.equal(platform.applications.filter(({ ownsNamespace }: Application) => ownsNamespace).length, 6);
  });
});
