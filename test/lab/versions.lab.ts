/**
 * For each minor of External Secrets Operator whose Go module carries its CRDs: an API server with these CRDs accepts what synth writes and adds
 * nothing to it, schemas/ is what they reduce to, and our check and that API server refuse the same wrong manifests.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Manifest } from '../../src/manifests/manifest.ts';
import { schemaSetFromCrds } from '../../src/schemas/crd-schemas.ts';
import { fetchModule } from '../../src/schemas/fetch.ts';
import { makeSchemas } from '../../src/schemas/make-schemas.ts';
import { createSchemaChecker } from '../../src/schemas/schema-check.ts';
import { loadSchemaSet } from '../../src/schemas/schema-set.ts';
import { schemaFolder, schemaSources } from '../../src/schemas/sources.ts';
import type { SchemaSource } from '../../src/schemas/sources.ts';
import { checkout, Repository } from '../fixtures/repository.ts';
import { loadSets, schemasRoot, soundManifests } from '../schemas/manifests.ts';
import { grownManifest } from './grown-manifests.ts';
import { applyCrds } from './kubernetes.ts';
import { startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { compareVerdicts, dryRunner } from './verdicts.ts';
import type { Case, DryRun } from './verdicts.ts';
import { wrongManifests } from './wrong-manifests.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'lockstep-versions-'));
/** The same manifests each time, the one among them that found a rule in CEL; SEED=<number> generates others. */
const seed = Number(process.env['SEED'] ?? 1_485_054_742);
const [perWay, perKind] = [100, 4];
const azure = {
  AZURE_TENANT_ID: '00000000-0000-4000-8000-000000000001',
  AZURE_CLIENT_ID: '00000000-0000-4000-8000-000000000002',
};
const operators = schemaSources.filter(({ project }) => project === 'external-secrets');
const argoCd = schemaSources.filter(({ project }) => project === 'argo-cd');

after(() => rmSync(root, { recursive: true, force: true }));

describe('schemas/', () => {
  it('is what the CRDs and documents of the Go modules reduce to', async () => {
    assert.deepEqual(((await makeSchemas({ root: checkout, verify: true })) as { different: unknown }).different, []);
  });
});

for (const source of operators) {
  const version = source.version.slice(1);

  describe(`External Secrets Operator ${version}`, () => {
    let lab: Lab;
    const repository = new Repository();
    let manifests: readonly Manifest[] = [];
    let dryRun: DryRun;
    const sets = loadSets(version);
    const check = createSchemaChecker(sets);

    before(async () => {
      lab = await startLab({ folder: path.join(root, version), parts: ['kubernetes'] });
      await applyCrds(lab.kubernetes, (await Promise.all([...argoCd, source].map(readCrds))).flat().join('\n---\n'));
      repository.edit('config/environments.ts', "version: '0.20.4'", `version: '${version}'`);
      const gitOps = "gitOps: { kind: 'idpbuilder' },";
      repository.edit('config/environments.ts', gitOps, `${gitOps} azure: { keyVaultName: 'kv-platform-dev' },`);
      const { status, stdout, stderr } = repository.run(['synth', '--all'], azure);
      assert.equal(status, 0, stdout + stderr);
      manifests = readManifests(path.join(repository.root, 'dist'));
      const namespaces = new Set(['apps', ...manifests.flatMap(({ metadata }) => metadata.namespace ?? [])]);
      const items = [...namespaces].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
      await lab.kubernetes.kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
      dryRun = await dryRunner(lab.kubernetes);
    });
    after(async () => {
      await lab.stop();
      repository.remove();
    });

    it('has the CRDs that schemas/ says', async () => {
      const served = schemaSetFromCrds([JSON.parse(await lab.kubernetes.kubectl(['get', 'crds', '-o', 'json']))]);
      const kept = [source, ...argoCd].map((one) => loadSchemaSet(path.join(schemasRoot, schemaFolder(one))));
      const kinds = kept.flatMap((set) =>
        set.kinds.map((kind) => ({ ...kind, schema: set.find(kind.apiVersion, kind.kind) })),
      );
      assert.equal(served.kinds.length, kinds.length);
      for (const { apiVersion, kind, schema } of kinds) assert.deepEqual(served.find(apiVersion, kind), schema, kind);
    });

    it('accepts every manifest of every environment, and adds nothing', async () => {
      assert.ok(manifests.length > 90, `${manifests.length} manifests`);
      for (const manifest of manifests) {
        const { status, text } = await dryRun(manifest, 'apply');
        const what = `${manifest.kind} ${manifest.metadata.name}`;
        assert.ok(status < 300, `${what}: ${status} ${text}`);
        if (manifest.apiVersion === 'v1') continue;
        const { spec } = JSON.parse(text) as Manifest;
        assert.deepEqual(spec, manifest['spec'], what);
      }
    });

    it('lets npm run check read its CRDs from the cluster, and find nothing', async () => {
      const variables = {
        ...azure,
        PATH: `${lab.bin}:${process.env['PATH'] ?? ''}`,
        KUBECONFIG: lab.kubernetes.kubeconfig,
      };
      const { status, stdout, stderr } = await repository.runBeside(['check', '--all', '--crds', 'cluster'], variables);
      assert.equal(status, 0, stdout + stderr);
    });

    it('refuses the wrong manifests that our check refuses, and no others', async (test) => {
      const sound = [...manifests.filter(isOfOperator), ...Object.values(soundManifests())];
      for (const manifest of sound) {
        const { status, text } = await dryRun(manifest, 'create');
        assert.equal(status, 201, `${manifest.kind} ${manifest.metadata.name}: ${text}`);
        assert.deepEqual(check(manifest), []);
      }
      const refused = await agree(wrongManifests(sound, sets, { seed, perWay }), test);
      assert.ok(refused >= 300, `${refused} were refused by both`);
    });

    it('decides as our check does on objects of every kind of its CRDs, and on these with something wrong', async (test) => {
      const grown = sets.slice(0, 2).flatMap((set) =>
        set.kinds.flatMap((kind) => {
          const arbitrary = grownManifest(kind, set.find(kind.apiVersion, kind.kind) ?? {});
          return fc.sample(arbitrary, { seed, numRuns: perKind });
        }),
      );
      await agree(
        grown.map((manifest) => ({ of: manifest, how: 'grown', place: '', manifest })),
        test,
      );
      const sound = grown.filter((manifest) => check(manifest).length === 0);
      await agree(wrongManifests(sound, sets, { seed, perWay: perWay / 2 }), test);
    });

    /** @returns how many were refused by both */
    async function agree(cases: readonly Case[], test: TestContext): Promise<number> {
      const { refused, excepted, unexplained } = await compareVerdicts(cases, check, dryRun);
      const counts = `seed ${seed}: ${cases.length} manifests, ${refused} refused by both, ${excepted} exceptions`;
      test.diagnostic(counts);
      assert.ok(unexplained.length === 0, [counts, ...unexplained.slice(0, 10)].join('\n'));
      return refused;
    }
  });
}

async function readCrds(source: SchemaSource): Promise<string[]> {
  const files = await fetchModule(source);
  if (source.content.kind !== 'crds') return [];
  return files
    .list(source.content.folder)
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('kustomization.yaml'))
    .map((name) => files.read(name));
}

function readManifests(folder: string): Manifest[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.yaml') && !file.endsWith('kustomization.yaml'))
    .map((file) => parse(readFileSync(path.join(folder, file), 'utf8')) as Manifest);
}

function isOfOperator({ apiVersion }: Manifest): boolean {
  return apiVersion.startsWith('external-secrets.io/');
}
