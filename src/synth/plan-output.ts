/** Which files an application's output consists of, and what is wrong with it. Pure. */
import type { Application, Platform } from '../model/platform.ts';
import type { Problem } from '../model/problem.ts';
import { applicationManifests } from '../manifests/application-manifests.ts';
import { appOfApps } from '../manifests/argo-cd-application.ts';
import type { Manifest } from '../manifests/manifest.ts';
import { renderYaml } from '../manifests/yaml.ts';

/** A file of the output; `path` is below the environment's folder, with forward slashes. */
export type OutputFile = { readonly path: string; readonly text: string };

/** What a schema says of one manifest: nothing, or what is wrong and where; `unknown` where there is no schema for its kind. */
export type CheckManifest = (
  manifest: Manifest,
) =>
  | { readonly kind: 'checked'; readonly findings: readonly { path: string; message: string; hint?: string }[] }
  | { readonly kind: 'unknown' };

export type ApplicationOutput = {
  readonly files: readonly OutputFile[];
  readonly problems: readonly Problem[];
  /** Kinds that could not be checked, for want of a schema: `monitoring.coreos.com/v1 ServiceMonitor`. */
  readonly unchecked: readonly string[];
};

const HEADER = '# Written by npm run synth from config/: edits here are overwritten.\n';

export function planApplicationOutput(
  application: Application,
  platform: Platform,
  check: CheckManifest,
): ApplicationOutput {
  const folder = `${application.name}/manifests`;
  const problems: Problem[] = [];
  const unchecked = new Set<string>();
  const verify = (manifest: Manifest, path: string): void => {
    const verdict = check(manifest);
    if (verdict.kind === 'unknown') unchecked.add(`${manifest.apiVersion} ${manifest.kind}`);
    else
      for (const finding of verdict.findings)
        problems.push({
          code: 'M001',
          where: path,
          path: finding.path,
          message: finding.message,
          hint: finding.hint ?? 'The chart that writes it is in src/manifests, or is your own.',
        });
  };

  let manifests: readonly Manifest[];
  let argoCdApplication: Manifest;
  try {
    ({ manifests, argoCdApplication } = applicationManifests(application, platform));
  } catch (error) {
    return { files: [], problems: [chartFailed(application, error)], unchecked: [] };
  }

  const files: OutputFile[] = [];
  const byPath = new Map<string, Manifest>();
  for (const manifest of manifests) {
    const name = fileName(manifest, application.namespace);
    const path = `${folder}/${name}`;
    if (byPath.has(name)) {
      problems.push({
        code: 'M002',
        where: path,
        path: '',
        message: `${manifest.kind} ${manifest.metadata.name} is brought twice`,
        hint: `Rename one of the two in the chart of ${application.name}.`,
      });
      continue;
    }
    byPath.set(name, manifest);
    verify(manifest, path);
    files.push({ path, text: HEADER + renderYaml(manifest) });
  }
  files.push({ path: `${folder}/kustomization.yaml`, text: HEADER + renderYaml(kustomization([...byPath.keys()])) });
  const applicationPath = `${application.name}.yaml`;
  verify(argoCdApplication, applicationPath);
  files.push({ path: applicationPath, text: HEADER + renderYaml(argoCdApplication) });
  return { files, problems, unchecked: [...unchecked] };
}

/** Files that belong to the environment and to no application. */
export function planEnvironmentOutput(platform: Platform, check: CheckManifest): ApplicationOutput {
  const manifest = appOfApps(platform.environment);
  if (manifest === undefined) return { files: [], problems: [], unchecked: [] };
  const path = 'app-of-apps.yaml';
  const verdict = check(manifest);
  return {
    files: [{ path, text: HEADER + renderYaml(manifest) }],
    problems:
      verdict.kind === 'unknown'
        ? []
        : verdict.findings.map((finding) => ({
            code: 'M001',
            where: path,
            path: finding.path,
            message: finding.message,
            hint: finding.hint ?? 'See config/environments.ts.',
          })),
    unchecked: [],
  };
}

/** `externalsecret-agent-jira-secrets.yaml`; a namespace other than the application's own comes in between. */
function fileName({ kind, metadata }: Manifest, applicationNamespace: string): string {
  const elsewhere =
    metadata.namespace === undefined || metadata.namespace === applicationNamespace ? [] : [metadata.namespace];
  return `${[kind.toLowerCase(), ...elsewhere, metadata.name].join('-')}.yaml`;
}

function kustomization(resources: readonly string[]): object {
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: resources.toSorted(),
  };
}

function chartFailed(application: Application, error: unknown): Problem {
  const { chartType } = application;
  return {
    code: 'M003',
    where: 'config/applications.ts',
    path: application.name,
    message: `the chart ${typeof chartType === 'function' ? chartType.name : chartType} failed: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Mend the chart class; its constructor gets (scope, id, props).',
  };
}
