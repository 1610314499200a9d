/** What preflight counts for one refresh of manifests, to be held against what the servers were asked. */
import assert from 'node:assert/strict';
import { callsPerRefresh } from '../../src/eso/calls.ts';
import type { StoreCalls } from '../../src/eso/calls.ts';
import { defaultSettings, parseVersion } from '../../src/eso/operator-settings.ts';
import { parseManifests } from '../../src/manifest-input/parse-manifests.ts';
import { parseResources } from '../../src/manifest-input/parse-resources.ts';
import { keepsVaultTokens } from '../../src/manifests/charts/external-secrets-chart.ts';
import { createWorld } from '../../src/preflight/create-world.ts';

export type Counts = Omit<StoreCalls, 'store' | 'isComplete'>;

/** @param manifests YAML texts, as they are applied. @returns of all ExternalSecrets of the namespace together */
export function predictedCalls(manifests: readonly string[], namespace: string, operatorVersion: string): Counts {
  const version = parseVersion(operatorVersion) ?? assert.fail(operatorVersion);
  const { documents } = parseManifests('manifests.yaml', manifests.join('---\n'));
  const resources = parseResources(documents, { version, defaultNamespace: 'default' });
  const operator = { ...defaultSettings(version), vaultTokenCache: keepsVaultTokens };
  const world = createWorld({ manifests: resources, platformStores: [], cluster: undefined, operator });
  const sum: { -readonly [Kind in keyof Counts]: number } = {
    ...{ reads: 0, lists: 0, challenges: 0, logins: 0, discoveries: 0, tokenLookups: 0, tokenRevocations: 0 },
  };
  for (const { resource } of resources.externalSecrets)
    if (resource.metadata.namespace === namespace)
      for (const calls of callsPerRefresh(resource, { ...world, read: () => undefined }))
        for (const kind of Object.keys(sum) as (keyof Counts)[]) sum[kind] += calls[kind];
  return sum;
}
