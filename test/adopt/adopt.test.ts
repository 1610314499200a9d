import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { adopt } from '../../src/adopt/adopt.ts';
import type { Adoption } from '../../src/adopt/adoption.ts';
import { renderConfiguration } from '../../src/adopt/render-configuration.ts';
import { loadConfiguration } from '../../src/configuration/load-configuration.ts';
import { defaultSettings } from '../../src/eso/operator-settings.ts';
import { predict } from '../../src/eso/predict.ts';
import type { Predicted } from '../../src/eso/prediction.ts';
import type { ProviderAnswer } from '../../src/eso/provider.ts';
import { requestId } from '../../src/eso/provider.ts';
import { parseManifests } from '../../src/manifest-input/parse-manifests.ts';
import type { Resources } from '../../src/manifest-input/parse-resources.ts';
import { parseResources } from '../../src/manifest-input/parse-resources.ts';
import { applicationManifests } from '../../src/manifests/application-manifests.ts';
import { resolve } from '../../src/model/resolve.ts';
import { createWorld } from '../../src/preflight/create-world.ts';
import { externalSecret, externalSecrets, readForeign, stores } from './foreign-platform.ts';

const version = '0.20.4';
const operator = defaultSettings({ major: 0, minor: 20, patch: 4 });
const options = { version: operator.version, defaultNamespace: 'default' };

function resourcesOf(...texts: readonly string[]): Resources {
  const { documents, problems } = parseManifests('platform.yaml', [stores, ...texts].join('---\n'));
  assert.deepEqual(problems, []);
  const resources = parseResources(documents, options);
  assert.deepEqual(resources.problems, []);
  return resources;
}

function adoptAll(resources: Resources, { offline = false } = {}): Promise<Adoption> {
  return adopt({ resources, operator, version, read: offline ? undefined : readForeign });
}

async function leftOf(text: string): Promise<string | undefined> {
  const { left, adopted } = await adoptAll(resourcesOf(text));
  assert.equal(left.length + adopted.length, 1);
  return left[0]?.because;
}

/** The files that were written, loaded as config/ is, synthesised, and read back. */
async function synthesised({ configuration }: Adoption): Promise<Resources> {
  const root = mkdtempSync(path.join(tmpdir(), 'lockstep-adopted-'));
  try {
    symlinkSync(path.join(import.meta.dirname, '../../src'), path.join(root, 'src'));
    mkdirSync(path.join(root, 'config'));
    for (const [name, text] of renderConfiguration(configuration, '../src/model/define'))
      writeFileSync(path.join(root, 'config', name), text);
    const loaded = await loadConfiguration(root);
    assert.deepEqual(loaded.problems, []);
    assert.deepEqual(loaded.configuration, configuration);
    const resolution = resolve(loaded.configuration, 'dev', {});
    assert.ok(resolution.kind === 'resolved', JSON.stringify(resolution));
    const { platform } = resolution;
    const documents = platform.applications.flatMap((application) =>
      applicationManifests(application, platform).manifests.map((value) => ({
        file: application.name,
        line: 1,
        apiVersion: value.apiVersion,
        kind: value.kind,
        namespace: value.metadata.namespace ?? '',
        name: value.metadata.name,
        value,
      })),
    );
    const resources = parseResources(documents, options);
    assert.deepEqual(resources.problems, []);
    return resources;
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** By namespace and name of the Secret: its type and every byte of it. */
async function secretsOf(manifests: Resources): Promise<Record<string, unknown>> {
  const world = createWorld({ manifests, platformStores: [], cluster: undefined, operator });
  const secrets: [string, unknown][] = [];
  for (const { resource } of manifests.externalSecrets) {
    const answers = new Map<string, ProviderAnswer>();
    let predicted: Predicted | undefined;
    while (predicted === undefined) {
      const prediction = predict({
        externalSecret: resource,
        world: { ...world, read: (request) => answers.get(requestId(request)) },
      });
      if (prediction.kind !== 'needs') predicted = prediction;
      else for (const request of prediction.requests) answers.set(requestId(request), await readForeign(request));
    }
    assert.ok(predicted.kind === 'syncs' && 'secret' in predicted.effect, JSON.stringify(predicted));
    const { name, namespace, type, data } = predicted.effect.secret;
    const revealed = [...data].map(([key, value]) => [key, value.reveal()] as const);
    secrets.push([`${namespace}/${name}`, { type, data: Object.fromEntries(revealed.toSorted()) }]);
  }
  return Object.fromEntries(secrets.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

describe('a platform that exists', () => {
  it('is adopted whole: the configuration that is written gives the same Secrets to the byte, with fewer reads', async () => {
    const foreign = resourcesOf(...Object.values(externalSecrets));
    const adoption = await adoptAll(foreign);
    assert.deepEqual(
      adoption.left.map(({ given, because }) => [given.resource.metadata.name, because]),
      [],
    );
    assert.equal(adoption.adopted.length, 8);
    assert.deepEqual(adoption.reads, { before: 15, after: 8 });
    const before = await secretsOf(foreign);
    assert.deepEqual(await secretsOf(await synthesised(adoption)), before);
    assert.deepEqual(before['shop/database-credentials'], {
      type: 'Opaque',
      data: {
        username: 'example-user',
        password: 'example "<pass>" \u00c3\u00a9\n',
        'password-copy': 'example "<pass>" \u00c3\u00a9\n',
      },
    });
    assert.deepEqual(before['payments/webhook'], {
      type: 'Opaque',
      data: { TOKEN: 'example-webhook-token\n', OTHER: 'example-webhook-token\n' },
    });
  });

  it('keeps labels and annotations of its Secrets, but for those that tools keep for themselves', async () => {
    const adoption = await adoptAll(resourcesOf(externalSecrets['one entry for each key, with other names']));
    assert.deepEqual(adoption.configuration.secrets['database']?.targets, [
      {
        name: 'database-credentials',
        labels: { team: 'shop' },
        annotations: { 'example.com/owner': 'shop' },
        keys: { user: 'username' },
        template: { 'password-copy': '{{ index . "password" }}' },
      },
    ]);
  });

  it('has one secret for what two namespaces read, and an application for each', async () => {
    const { configuration } = await adoptAll(resourcesOf(...Object.values(externalSecrets)));
    assert.equal(configuration.secrets['database']?.targets.length, 2);
    assert.deepEqual(
      configuration.applications.map(({ name, namespace, chart }) => [name, namespace, chart.props?.secretStore]),
      [
        ['external-secrets', 'external-secrets', undefined],
        ['shop', 'shop', undefined],
        ['reports', 'reports', undefined],
        ['payments', 'payments', 'azure-keyvault-store'],
      ],
    );
    assert.deepEqual(configuration.environments['dev']?.azure, {
      keyVaultName: 'kv-example',
      tenantId: '00000000-0000-4000-8000-00000000cafe',
      clientId: '00000000-0000-4000-8000-0000000000c1',
    });
    assert.deepEqual(configuration.environments['dev'].vault, {
      server: 'https://vault.example.com',
      mount: 'kv',
      profile: 'ha',
    });
  });

  it('takes a field that is empty for optional, for Lockstep refuses an empty one that is required', async () => {
    const foreign = resourcesOf(
      externalSecret(
        'a',
        'data: [{secretKey: e, remoteRef: {key: shop/settings, property: EMPTY}}, {secretKey: p, remoteRef: {key: shop/settings, property: PORT}}]',
      ),
    );
    const adoption = await adoptAll(foreign);
    const fields = adoption.configuration.secrets['settings']?.fields;
    assert.deepEqual([fields?.['EMPTY']?.required, fields?.['PORT']?.required], [false, undefined]);
    assert.deepEqual(await secretsOf(await synthesised(adoption)), {
      'shop/a': { type: 'Opaque', data: { e: '', p: '5432' } },
    });
  });

  it('says what will be otherwise', async () => {
    const { remarks } = await adoptAll(resourcesOf(...Object.values(externalSecrets)));
    assert.ok(remarks.some((remark) => remark.includes('takes over when the old one is gone: shop/database.')));
    assert.ok(remarks.some((remark) => remark.includes('Refreshed every 1h0m0s, as most are: shop/database.')));
  });
});

describe('without access to the stores', () => {
  it('what the manifests tell is adopted, and the rest is left with the way to it', async () => {
    const foreign = resourcesOf(...Object.values(externalSecrets));
    const adoption = await adoptAll(foreign, { offline: true });
    assert.deepEqual(
      adoption.left.map(({ given, because, hint }) => [
        given.resource.metadata.name,
        because,
        /--read-stores/.test(hint),
      ]),
      [
        ['settings', 'it extracts all fields, and the manifests do not name them', true],
        ['tls', 'tls.crt may be a field, or a path into one', true],
        ['registry', 'it extracts all fields, and the manifests do not name them', true],
      ],
    );
    const [before, after] = [await secretsOf(foreign), await secretsOf(await synthesised(adoption))];
    assert.equal(Object.keys(after).length, 5);
    for (const [name, secret] of Object.entries(after)) assert.deepEqual(secret, before[name]);
  });
});

const entry = '{secretKey: a, remoteRef: {key: shop/database, property: user}}';

/** What config/ cannot say, and the reason that a person is told. */
const inexpressible: Readonly<Record<string, readonly [text: string, because: RegExp]>> = {
  find: [externalSecret('a', 'dataFrom: [{find: {name: {regexp: .*}}}]'), /^it finds secrets by name or tag$/],
  'a generator': [
    externalSecret('a', 'dataFrom: [{sourceRef: {generatorRef: {kind: Password, name: p}}}]'),
    /^it takes a value from a generator$/,
  ],
  'a rewrite': [
    externalSecret('a', 'dataFrom: [{extract: {key: shop/database}, rewrite: [{regexp: {source: a, target: b}}]}]'),
    /^it rewrites keys$/,
  ],
  decoding: [
    externalSecret(
      'a',
      'data: [{secretKey: a, remoteRef: {key: shop/database, property: user, decodingStrategy: Base64}}]',
    ),
    /^it decodes values \(Base64\)$/,
  ],
  'several secrets': [
    externalSecret('a', `data: [${entry}, {secretKey: b, remoteRef: {key: shop/other, property: user}}]`),
    /^it reads 2 secrets, .*kv\/data\/shop\/database, kv\/data\/shop\/other$/,
  ],
  'several stores': [
    externalSecret(
      'a',
      `data: [${entry}, {secretKey: b, remoteRef: {key: x, property: user}, sourceRef: {storeRef: {name: keyvault}}}]`,
    ).replaceAll('namespace: shop', 'namespace: payments'),
    /^it reads 2 secrets, .*: kv\/data\/shop\/database, x$/,
  ],
  'several entries': [
    externalSecret('a', 'dataFrom: [{extract: {key: shop/database}}, {extract: {key: shop/tls}}]'),
    /^it puts a Secret together from several entries$/,
  ],
  'creationPolicy Merge': [
    externalSecret('a', `target: {creationPolicy: Merge}, data: [${entry}]`),
    /^its creationPolicy is Merge$/,
  ],
  'an immutable Secret': [
    externalSecret('a', `target: {immutable: true}, data: [${entry}]`),
    /^its Secret is immutable$/,
  ],
  'no refresh': [externalSecret('a', `refreshInterval: "0", data: [${entry}]`), /^it is not refreshed by the clock$/],
  'a pinned version': [
    externalSecret('a', 'data: [{secretKey: a, remoteRef: {key: shop/database, property: user, version: "3"}}]'),
    /^it pins version 3$/,
  ],
  metadata: [
    externalSecret('a', 'data: [{secretKey: a, remoteRef: {key: shop/database, metadataPolicy: Fetch}}]'),
    /^it reads metadata$/,
  ],
  templateFrom: [
    externalSecret('a', `target: {template: {templateFrom: [{literal: "a: b"}]}}, data: [${entry}]`),
    /^it has a templateFrom$/,
  ],
  'a template that computes with other names': [
    externalSecret('a', `target: {template: {data: {b: "{{ if .a }}x{{ end }}"}}}, data: [${entry}]`),
    /^its template of b computes with keys/,
  ],
  'a whole path of Vault': [
    externalSecret('a', 'data: [{secretKey: a, remoteRef: {key: shop/database}}]'),
    /^it takes a whole secret of Vault as JSON text$/,
  ],
  'a path into a field': [
    externalSecret('a', 'data: [{secretKey: a, remoteRef: {key: shop/nested, property: a.b}}]'),
    /^a\.b is no field of shop\/nested$/,
  ],
  'a number that arrives otherwise': [
    externalSecret('a', 'data: [{secretKey: a, remoteRef: {key: shop/numbers, property: large}}]'),
    /^the Secret would have another value under a$/,
  ],
  'a number of Key Vault that arrives otherwise': [
    externalSecret('a', 'data: [{secretKey: a, remoteRef: {key: payments-fee, property: fee}}]')
      .replaceAll('namespace: shop', 'namespace: payments')
      .replace('name: corporate-vault, kind: ClusterSecretStore', 'name: keyvault, kind: SecretStore'),
    /^the Secret would have another value under a$/,
  ],
  'a field whose name config/ refuses': [
    externalSecret('a', 'dataFrom: [{extract: {key: shop/odd}}]'),
    /^config\/ refuses it: is not a key of a Secret/,
  ],
  'a secret that is not there': [
    externalSecret('a', 'data: [{secretKey: a, remoteRef: {key: shop/none, property: a}}]'),
    /^shop\/none: the store has no such secret$/,
  ],
  'a store that is not given': [
    externalSecret('a', `data: [${entry}]`).replace('corporate-vault', 'other-vault'),
    /^its store could not|other-vault/,
  ],
};

describe('what config/ cannot say is left, with the reason', () => {
  for (const [name, [text, because]] of Object.entries(inexpressible))
    it(name, async () => {
      assert.match((await leftOf(text)) ?? 'adopted', because);
    });

  it('a second Vault', async () => {
    const second = stores
      .split('---\n')[0]
      ?.replace('corporate-vault', 'second-vault')
      .replace('vault.example.com', 'second.example.com');
    const { left, adopted } = await adoptAll(
      resourcesOf(
        second ?? '',
        externalSecret('a', `data: [${entry}]`),
        externalSecret('b', `data: [${entry}]`),
        externalSecret('c', `data: [${entry}]`).replace('corporate-vault', 'second-vault'),
      ),
    );
    assert.equal(adopted.length, 2);
    assert.deepEqual(
      left.map(({ because }) => because),
      ['it reads the mount kv of Vault https://second.example.com, and most read another'],
    );
  });

  it('the second of two that write one Secret', async () => {
    const { left, adopted } = await adoptAll(
      resourcesOf(externalSecret('a', `data: [${entry}]`), externalSecret('b', `target: {name: a}, data: [${entry}]`)),
    );
    assert.equal(adopted.length, 1);
    assert.match(left[0]?.because ?? '', /^another ExternalSecret writes shop\/a too$/);
  });
});
