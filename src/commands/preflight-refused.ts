/** Manifests that the API server would refuse: the operator never sees them. */
import path from 'node:path';
import type { InputDocument } from '../manifest-input/parse-manifests.ts';
import type { Problem } from '../model/problem.ts';
import { PlatformError } from '../model/problem.ts';
import { refusedManifest } from '../preflight/codes.ts';
import type { CheckedExternalSecret } from '../preflight/preflight-result.ts';
import { loadEsoSchemas, selectEsoSchemas } from '../schemas/eso-schemas.ts';
import type { SchemaChecker } from '../schemas/schema-check.ts';
import { createSchemaChecker } from '../schemas/schema-check.ts';
import { loadSchemaSet } from '../schemas/schema-set.ts';
import type { CommandContext } from './command.ts';
import type { PreflightInput } from './preflight-input.ts';

const checkedKinds = new Set(['ExternalSecret', 'SecretStore', 'ClusterSecretStore']);
const served = 'external-secrets.io/v1';

export type RefusedDocument = { readonly document: InputDocument; readonly problems: readonly Problem[] };

/**
 * What the reader of manifests refuses, with its own problems, and what the CRDs refuse.
 * @param version of the operator. Where its own CRDs are not at hand nothing is held against them: an older CRD would refuse what is new.
 * @throws PlatformError for a version before external-secrets.io/v1
 */
export function findRefused(
  { documents, resources, whereOf }: PreflightInput,
  version: string,
  context: Pick<CommandContext, 'program' | 'note'>,
): readonly RefusedDocument[] {
  const unreadable = new Map(resources.refused.map(({ from, problems }) => [from, problems]));
  const check = checkerFor(version, context);
  const refused: RefusedDocument[] = [];
  for (const document of documents) {
    const { apiVersion, kind, name } = document;
    if (!apiVersion.startsWith('external-secrets.io/') || !checkedKinds.has(kind)) continue;
    const problem = (path: string, message: string, hint: string): Problem => ({
      code: refusedManifest,
      where: whereOf(document),
      path,
      message: `${message} (${kind} ${name})`,
      hint,
    });
    const problems =
      unreadable.get(document) ??
      (apiVersion === served
        ? check(document.value).map(({ path, message, hint }) =>
            problem(path, message, hint ?? 'Correct the manifest.'),
          )
        : [
            problem(
              'apiVersion',
              `is ${apiVersion}, which External Secrets Operator ${version} does not serve`,
              `Write ${served}: npm run upgrade-manifests -- ${document.file} shows how.`,
            ),
          ]);
    if (problems.length > 0) refused.push({ document, problems });
  }
  return refused;
}

/** The ExternalSecrets among them, as preflight lists them. */
export function refusedExternalSecrets(
  refused: readonly RefusedDocument[],
  { applicationOf, namespaceOf, isWanted, whereOf }: PreflightInput,
): readonly CheckedExternalSecret[] {
  return refused.flatMap(({ document, problems }) => {
    if (document.kind !== 'ExternalSecret' || !isWanted(document)) return [];
    const { name } = document;
    const checked: CheckedExternalSecret = {
      name,
      namespace: namespaceOf(document),
      application: applicationOf(document),
      where: whereOf(document),
      target: name,
      outcome: 'refused',
      because: problems.map(({ path, message }) => `${path} ${message}`.trim()).join('\n'),
      events: [],
      assumed: [],
      reads: 0,
    };
    const [first] = problems;
    return [first === undefined ? checked : { ...checked, code: first.code, fix: first.hint }];
  });
}

function checkerFor(version: string, { program, note }: Pick<CommandContext, 'program' | 'note'>): SchemaChecker {
  const selection = selectEsoSchemas(version);
  if (selection.kind === 'unsupported') throw new PlatformError('SCHEMAS', selection.message, selection.hint);
  if (!selection.exact)
    note(`External Secrets Operator ${version}: its CRDs are not at hand, so manifests are not held against them.`);
  const root = path.join(program, 'schemas');
  if (!selection.exact) return () => [];
  return createSchemaChecker([loadEsoSchemas(root, selection), loadSchemaSet(path.join(root, 'kubernetes-1.34.4'))], {
    allowUnknownKind: () => true,
  });
}
