/** What preflight looks at: manifests that are given or, without any, those that synth would write, in memory. */
import path from 'node:path';
import type { ExternalSecret, Store } from '../eso/resources.ts';
import type { InputDocument } from '../manifest-input/parse-manifests.ts';
import type { ParseResourcesOptions, Resources } from '../manifest-input/parse-resources.ts';
import { parseResources } from '../manifest-input/parse-resources.ts';
import { readInput } from '../manifest-input/read-input.ts';
import type { Manifest } from '../manifests/manifest.ts';
import type { Application, Platform } from '../model/platform.ts';
import type { Problem } from '../model/problem.ts';
import { UsageError } from '../model/problem.ts';
import type { PreflightItem } from '../preflight/preflight-item.ts';
import { planApplicationOutput } from '../synth/plan-output.ts';
import type { CommandContext } from './command.ts';

export type PreflightInput = {
  /** For people. */
  readonly source: string;
  readonly documents: readonly InputDocument[];
  readonly resources: Resources;
  /** Of which application the ExternalSecret of a document is. */
  readonly applicationOf: (document: InputDocument) => string;
  readonly namespaceOf: (document: InputDocument) => string;
  /** Whether it is one that was asked for. */
  readonly isWanted: (document: InputDocument) => boolean;
  readonly whereOf: (document: InputDocument) => string;
  /** Stores of config/, for manifests that name one and do not bring it. */
  readonly platformStores: readonly Store[];
  readonly problems: readonly Problem[];
};

/** A problem of these leaves the object as it is. */
const harmless: ReadonlySet<string> = new Set(['M107']);

export function isHarmless({ code }: Problem): boolean {
  return harmless.has(code);
}

export async function givenManifests(
  paths: readonly string[],
  options: ParseResourcesOptions,
  platform: Platform | undefined,
  context: Pick<CommandContext, 'stdin'>,
): Promise<PreflightInput> {
  const { documents, problems } = await readInput(paths, { stdin: context.stdin });
  const resources = parseResources(documents, options);
  const defaulted = (namespace: string): string => (namespace === '' ? options.defaultNamespace : namespace);
  return {
    source: `in ${paths.map((one) => (one === '-' ? 'stdin' : one)).join(', ')}`,
    documents,
    resources,
    applicationOf: ({ namespace }) => defaulted(namespace),
    namespaceOf: ({ namespace }) => defaulted(namespace),
    isWanted: () => true,
    whereOf: ({ file, line }) => `${file}:${line}`,
    platformStores:
      platform === undefined
        ? []
        : parseResources(synthDocuments(platform).documents, options).stores.map(({ resource }) => resource),
    problems: [...problems, ...resources.problems],
  };
}

export function synthManifests(
  platform: Platform,
  options: ParseResourcesOptions,
  only: ReadonlySet<string> | undefined,
): PreflightInput {
  const { documents, applications, problems } = synthDocuments(platform);
  const resources = parseResources(documents, options);
  const applicationOf = (document: InputDocument): string => applications.get(document)?.name ?? '';
  return {
    source: `as npm run synth would write them for ${platform.environment.name}`,
    documents,
    resources,
    applicationOf,
    namespaceOf: ({ namespace }) => namespace,
    isWanted: (document) => only?.has(applicationOf(document)) ?? true,
    whereOf: ({ file }) => file,
    platformStores: [],
    problems: [...problems, ...resources.problems],
  };
}

function synthDocuments(platform: Platform): {
  readonly documents: readonly InputDocument[];
  readonly applications: ReadonlyMap<InputDocument, Application>;
  readonly problems: readonly Problem[];
} {
  const applications = new Map<InputDocument, Application>();
  const problems: Problem[] = [];
  for (const application of platform.applications) {
    const manifests: Manifest[] = [];
    const output = planApplicationOutput(application, platform, (manifest) => {
      manifests.push(manifest);
      return { kind: 'unknown' };
    });
    problems.push(...output.problems);
    // Each manifest is verified and then written; the kustomization is not a Kubernetes object.
    const files = output.files.filter(({ path: file }) => path.posix.basename(file) !== 'kustomization.yaml');
    manifests.forEach((manifest, index) => {
      const file = `dist/${platform.environment.name}/${files[index]?.path ?? application.name}`;
      applications.set(documentOf(manifest, file), application);
    });
  }
  return { documents: [...applications.keys()], applications, problems };
}

function documentOf(manifest: Manifest, file: string): InputDocument {
  const { apiVersion, kind, metadata } = manifest;
  const { name, namespace = '' } = metadata;
  return { file, line: 1, apiVersion, kind, namespace, name, value: manifest };
}

/** @throws UsageError where there is nothing to predict, and nothing wrong that would be the reason */
export function checkNotEmpty({ resources, source, problems }: PreflightInput): void {
  if (resources.externalSecrets.length > 0 || problems.length > 0) return;
  const [application] = resources.applications;
  throw new UsageError(
    `there is no ExternalSecret ${source}`,
    application === undefined
      ? 'Give manifests that have one: a file, a folder, or - with kustomize build or helm template piped in.'
      : `There is the Argo CD Application ${application.name}: give the manifests that it brings (kustomize build, helm template).`,
  );
}

/** What the manifests have besides, which says nothing here of what becomes of it: a line for each kind. */
export function leftOut({ notPredicted }: Resources): string[] {
  const lines = notPredicted.map(({ from, because }) => [`${from.kind}: ${because}`, from.name] as const);
  return [...Map.groupBy(lines, ([line]) => line)].map(
    ([line, of]) => `Not predicted, ${line} (${of.map(([, name]) => name).join(', ')})`,
  );
}

/** Those that were asked for and get into the cluster. */
export function itemsOf(
  { resources, applicationOf, isWanted, whereOf }: PreflightInput,
  refused: ReadonlySet<InputDocument>,
  cluster?: Resources,
): readonly PreflightItem[] {
  const id = ({ metadata }: ExternalSecret): string => `${metadata.namespace}/${metadata.name}`;
  const there = new Map(cluster?.externalSecrets.map(({ resource }) => [id(resource), resource]));
  return resources.externalSecrets.flatMap(({ resource, from }) =>
    refused.has(from) || !isWanted(from)
      ? []
      : [
          {
            externalSecret: resource,
            inCluster: there.get(id(resource)),
            where: whereOf(from),
            application: applicationOf(from),
          },
        ],
  );
}
