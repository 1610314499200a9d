/** Argo CD sees every default that the API server fills in as a difference: none may be left to it, whichever operator is targeted. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Configuration } from '../../src/model/configuration.ts';
import { applicationManifests } from '../../src/manifests/application-manifests.ts';
import { appOfApps } from '../../src/manifests/argo-cd-application.ts';
import type { Manifest } from '../../src/manifests/manifest.ts';
import { loadConfiguration } from '../../src/configuration/load-configuration.ts';
import { loadEsoSchemas, selectEsoSchemas } from '../../src/schemas/eso-schemas.ts';
import type { JsonSchema } from '../../src/schemas/json-schema.ts';
import { createSchemaChecker } from '../../src/schemas/schema-check.ts';
import type { SchemaSet } from '../../src/schemas/schema-set.ts';
import { loadSchemaSet } from '../../src/schemas/schema-set.ts';
import { clientId, platformOf, tenantId } from '../fixtures/configuration.ts';
import { checkout } from '../fixtures/repository.ts';

const schemas = path.join(checkout, 'schemas');
const { configuration } = await loadConfiguration(checkout);

/** The paths at which the API server would fill in a default: of what is absent in an object that is there. */
function defaultsLeftOpen(schema: JsonSchema | undefined, value: unknown, at: string): string[] {
  if (schema === undefined) return [];
  if (Array.isArray(value))
    return value.flatMap((item, index) => defaultsLeftOpen(schema.items, item, `${at}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  const object = value as Record<string, unknown>;
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    object[name] === undefined
      ? property.default === undefined
        ? []
        : [`${at}.${name}`]
      : defaultsLeftOpen(property, object[name], `${at}.${name}`),
  );
}

function manifestsFor(version: string): Manifest[] {
  const environments = Object.fromEntries(
    Object.entries(configuration.environments).map(([name, environment]) => [
      name,
      { ...environment, externalSecrets: { ...environment.externalSecrets, version } },
    ]),
  );
  const targeted: Configuration = { ...configuration, environments };
  const identity = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId };
  return ['dev', 'production'].flatMap((name) => {
    const platform = platformOf(targeted, name === 'dev' ? {} : identity, name);
    return platform.applications.flatMap((application) => {
      const { manifests, argoCdApplication } = applicationManifests(application, platform);
      return [...manifests, argoCdApplication, ...[appOfApps(platform.environment)].filter((one) => one !== undefined)];
    });
  });
}

function schemasFor(version: string): SchemaSet[] {
  const selection = selectEsoSchemas(version);
  assert.equal(selection.kind, 'selected');
  return [
    loadEsoSchemas(schemas, selection),
    loadSchemaSet(path.join(schemas, 'argo-cd-3.2.11')),
    loadSchemaSet(path.join(schemas, 'kubernetes-1.34.4')),
  ];
}

describe('every default of the API is written out, and every manifest fits its schema', () => {
  for (const version of ['0.17.0', '0.18.2', '0.19.2', '0.20.4', '1.3.2', '2.2.0', '2.5.0', '2.9.0'])
    it(`for External Secrets Operator ${version}`, () => {
      const sets = schemasFor(version);
      const check = createSchemaChecker(sets);
      const manifests = manifestsFor(version);
      assert.ok(manifests.filter(({ kind }) => kind === 'ExternalSecret').length > 20);
      for (const manifest of manifests) {
        const name = `${manifest.kind} ${manifest.metadata.name}`;
        assert.deepEqual(check(manifest), [], name);
        if (!manifest.apiVersion.startsWith('external-secrets.io/') && manifest.kind !== 'Application') continue;
        const schema = sets
          .find((set) => set.find(manifest.apiVersion, manifest.kind))
          ?.find(manifest.apiVersion, manifest.kind);
        assert.deepEqual(defaultsLeftOpen(schema, manifest, ''), [], name);
      }
    });
});
