/** A configuration as synth would write it, read back as the operator would be given it. */
import type { OperatorSettings } from '../eso/prediction.ts';
import type { InputDocument } from '../manifest-input/parse-manifests.ts';
import type { Resources } from '../manifest-input/parse-resources.ts';
import { parseResources } from '../manifest-input/parse-resources.ts';
import { applicationManifests } from '../manifests/application-manifests.ts';
import type { Manifest } from '../manifests/manifest.ts';
import { parseConfiguration } from '../model/configuration-shape.ts';
import type { Configuration } from '../model/configuration.ts';
import type { Problem } from '../model/problem.ts';
import { resolve } from '../model/resolve.ts';
import { checkConfiguration } from '../model/rules/index.ts';
import { ENVIRONMENT } from './build-configuration.ts';

export type Synthesised =
  | { readonly kind: 'synthesised'; readonly resources: Resources }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

/** The tenant and the identity are variables where the manifests do not tell them; they change no Secret. */
const somebody = '00000000-0000-4000-8000-000000000000';

export function synthesise(configuration: Configuration, version: OperatorSettings['version']): Synthesised {
  const parsed = parseConfiguration(configuration);
  const problems = [...parsed.problems, ...checkConfiguration(parsed.configuration, parsed.names)];
  if (problems.length > 0) return { kind: 'wrong', problems };
  const azure = configuration.environments[ENVIRONMENT]?.azure;
  const resolution = resolve(configuration, ENVIRONMENT, {
    ...(azure !== undefined && azure.tenantId === undefined ? { AZURE_TENANT_ID: somebody } : {}),
    ...(azure !== undefined && azure.clientId === undefined ? { AZURE_CLIENT_ID: somebody } : {}),
  });
  if (resolution.kind === 'wrong') return { kind: 'wrong', problems: resolution.problems };
  const { platform } = resolution;
  const documents = platform.applications.flatMap((application) =>
    applicationManifests(application, platform).manifests.map((manifest) => documentOf(manifest, application.name)),
  );
  return { kind: 'synthesised', resources: parseResources(documents, { version, defaultNamespace: 'default' }) };
}

function documentOf(manifest: Manifest, application: string): InputDocument {
  const { apiVersion, kind, metadata } = manifest;
  const { name, namespace = '' } = metadata;
  return { file: application, line: 1, apiVersion, kind, namespace, name, value: manifest };
}
