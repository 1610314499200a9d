/** Whether an upgraded file says the same as before: what each object holds, and what the operator would be given. */
import { isDeepStrictEqual } from 'node:util';
import { parseManifests } from '../manifest-input/parse-manifests.ts';
import type { Given, ParseResourcesOptions, Resources } from '../manifest-input/parse-resources.ts';
import { parseResources } from '../manifest-input/parse-resources.ts';
import { newApiVersion, oldApiVersion } from './api-changes.ts';
import type { FileUpgrade } from './plan-upgrade.ts';

/** What would become of each ExternalSecret: anything that is equal where the outcomes are. */
export type PredictAll = (resources: Resources) => unknown;

/** @returns what differs, or undefined where nothing does */
export function compareUpgrade(
  { file, before, after }: Pick<FileUpgrade, 'file' | 'before' | 'after'>,
  options: ParseResourcesOptions,
  predictAll: PredictAll,
): string | undefined {
  const [old, now] = [parseManifests(file, before), parseManifests(file, after)];
  if (!isDeepStrictEqual(old.problems, now.problems) || old.documents.length !== now.documents.length)
    return 'not the same documents can be read';
  for (const [index, document] of old.documents.entries()) {
    const { value: was } = document;
    const is = now.documents[index]?.value ?? {};
    if (
      was['apiVersion'] !== is['apiVersion'] &&
      (was['apiVersion'] !== oldApiVersion || is['apiVersion'] !== newApiVersion)
    )
      return `line ${document.line}: another apiVersion than ${newApiVersion}`;
    if (!isDeepStrictEqual({ ...was, apiVersion: '' }, { ...is, apiVersion: '' }))
      return `line ${document.line}: the object does not hold the same`;
  }
  const [given, gives] = [parseResources(old.documents, options), parseResources(now.documents, options)];
  if (!isDeepStrictEqual(withoutOrigin(given), withoutOrigin(gives)))
    return 'External Secrets Operator would be given something else';
  return isDeepStrictEqual(predictAll(given), predictAll(gives)) ? undefined : 'the predictions differ';
}

function withoutOrigin(resources: Resources): unknown {
  const { externalSecrets, stores, secrets, configMaps, serviceAccounts, namespaces, refused, problems } = resources;
  const bare = (list: readonly Given<unknown>[]): unknown[] => list.map(({ resource }) => resource);
  return [externalSecrets, stores, secrets, configMaps, serviceAccounts, namespaces]
    .map((list) => bare(list))
    .concat([refused.map(({ problems: of }) => of)], [[...problems]]);
}
