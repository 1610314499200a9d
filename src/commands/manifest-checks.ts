/** Which schemas an environment's manifests are checked against: those in schemas/, or the CRDs that the user names. */
import path from 'node:path';
import type { Manifest } from '../manifests/manifest.ts';
import type { Platform } from '../model/platform.ts';
import { PlatformError } from '../model/problem.ts';
import { loadEsoSchemas, selectEsoSchemas } from '../schemas/eso-schemas.ts';
import { createSchemaChecker } from '../schemas/schema-check.ts';
import type { SchemaSet } from '../schemas/schema-set.ts';
import { kindKey, loadSchemaSet } from '../schemas/schema-set.ts';
import type { CheckManifest } from '../synth/plan-output.ts';

/**
 * @param program the folder that holds schemas/
 * @param crds read from a folder or a cluster; they go before schemas/
 */
export async function manifestChecks(
  platforms: readonly Platform[],
  program: string,
  note: (line: string) => void,
  crds?: readonly unknown[],
): Promise<(operatorVersion: string) => CheckManifest> {
  const root = path.join(program, 'schemas');
  const given = crds === undefined ? [] : [(await import('../schemas/crd-schemas.ts')).schemaSetFromCrds(crds)];
  const shared = [
    loadSchemaSet(path.join(root, 'argo-cd-3.2.11')),
    loadSchemaSet(path.join(root, 'kubernetes-1.34.4')),
  ];
  const versions = new Set(platforms.map(({ environment }) => environment.externalSecrets.version));
  const checks = new Map(
    [...versions].map((version) => [
      version,
      checkAgainst([...given, operatorSchemas(root, version, note, given), ...shared]),
    ]),
  );
  return (version) => {
    const check = checks.get(version);
    if (check === undefined) throw new RangeError(`no schemas were loaded for ${version}`);
    return check;
  };
}

function operatorSchemas(
  root: string,
  version: string,
  note: (line: string) => void,
  given: readonly SchemaSet[],
): SchemaSet {
  const selection = selectEsoSchemas(version);
  // The rules of the configuration refuse these already.
  if (selection.kind === 'unsupported') throw new PlatformError('SCHEMAS', selection.message, selection.hint);
  if (!selection.exact && given.length === 0)
    note(
      `External Secrets Operator ${version}: its CRDs are not at hand, checked against ${selection.folder}. npm run check -- --crds <folder|cluster> checks against what runs.`,
    );
  return loadEsoSchemas(root, selection);
}

function checkAgainst(sets: readonly SchemaSet[]): CheckManifest {
  const check = createSchemaChecker(sets);
  // Asked for every manifest, and the same for all of a kind.
  const known = new Map<string, boolean>();
  const isKnown = ({ apiVersion, kind }: Manifest): boolean => {
    const key = kindKey(apiVersion, kind);
    let answer = known.get(key);
    if (answer === undefined) {
      answer = sets.some((set) => set.find(apiVersion, kind) !== undefined);
      known.set(key, answer);
    }
    return answer;
  };
  return (manifest) => (isKnown(manifest) ? { kind: 'checked', findings: check(manifest) } : { kind: 'unknown' });
}
