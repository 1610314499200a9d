import type { FieldDefinition } from '../configuration.ts';
import { checkKeyVaultSecretName, checkSecretKey, checkVaultPath, foldKeyVaultName, suggest } from '../names.ts';
import type { Report, Rule, View } from './rule.ts';

function owners({ secrets, names }: View, report: Report): void {
  for (const [secret, { application }] of secrets)
    if (!names.applications.has(application))
      report(
        'C008',
        'secrets',
        [secret, 'application'],
        `there is no application "${application}"`,
        hintNearest(application, names.applications, 'Add it to config/applications.ts.'),
      );
}

function remoteNames({ secrets }: View, report: Report): void {
  for (const [secret, { vaultPath, keyVaultName }] of secrets) {
    const pathProblem = checkVaultPath(vaultPath);
    if (pathProblem !== undefined)
      report(
        'C007',
        'secrets',
        [secret, 'vaultPath'],
        `"${vaultPath}" is ${pathProblem}`,
        'Give the path below the mount, such as team/secret.',
      );
    const nameProblem = checkKeyVaultSecretName(keyVaultName);
    if (nameProblem !== undefined)
      report(
        'C006',
        'secrets',
        [secret, 'keyVaultName'],
        `"${keyVaultName}" is ${nameProblem}`,
        'Use hyphens where the Vault path has slashes, such as team-secret.',
      );
  }
}

function oneSecretPerRemoteName({ secrets }: View, report: Report): void {
  // There are none, nearly always, and this tells it in half the time.
  const distinctPaths = new Set(secrets.map(([, { vaultPath }]) => vaultPath));
  const distinctNames = new Set(secrets.map(([, { keyVaultName }]) => foldKeyVaultName(keyVaultName)));
  if (distinctPaths.size === secrets.length && distinctNames.size === secrets.length) return;
  const paths = new Map<string, string>();
  const vaultNames = new Map<string, string>();
  for (const [secret, { vaultPath, keyVaultName }] of secrets) {
    const samePath = paths.get(vaultPath);
    if (samePath !== undefined)
      report(
        'C013',
        'secrets',
        [secret, 'vaultPath'],
        `"${vaultPath}" is also the path of the secret "${samePath}"`,
        'Give each its own; one secret may have several targets.',
      );
    paths.set(vaultPath, samePath ?? secret);
    const folded = foldKeyVaultName(keyVaultName);
    const sameName = vaultNames.get(folded);
    if (sameName !== undefined)
      report(
        'C013',
        'secrets',
        [secret, 'keyVaultName'],
        `"${keyVaultName}" is also the Key Vault name of the secret "${sameName}" (Key Vault compares names without case)`,
        'Give each its own; one secret may have several targets.',
      );
    vaultNames.set(folded, sameName ?? secret);
  }
}

function fields({ secrets }: View, report: Report): void {
  for (const [secret, definition] of secrets) {
    if (definition.fields === undefined) continue;
    const declared = definition.fields as Readonly<Record<string, FieldDefinition>>;
    if (Object.keys(declared).length === 0)
      report('C011', 'secrets', [secret, 'fields'], 'declares no field', 'Declare at least one.');
    for (const [field, { required }] of Object.entries(declared)) {
      const keyProblem = checkSecretKey(field);
      if (keyProblem !== undefined)
        report('C004', 'secrets', [secret, 'fields', field], `is ${keyProblem}`, 'Rename the field.');
      if (typeof required === 'object') requirement(secret, field, required, declared, report);
    }
  }
}

function requirement(
  secret: string,
  field: string,
  required: { readonly whenField: string; readonly is: readonly string[] },
  declared: Readonly<Record<string, FieldDefinition>>,
  report: Report,
): void {
  const at = [secret, 'fields', field, 'required'];
  const decisive = declared[required.whenField];
  if (decisive === undefined) {
    report(
      'C010',
      'secrets',
      [...at, 'whenField'],
      `the field "${required.whenField}" is used but not declared`,
      hintNearest(required.whenField, Object.keys(declared), 'Declare it.'),
    );
    return;
  }
  const { format } = decisive;
  if (typeof format !== 'object') return;
  for (const value of required.is)
    if (!format.oneOf.includes(value))
      report(
        'C027',
        'secrets',
        [...at, 'is'],
        `${required.whenField} never is "${value}"`,
        `Use one of ${format.oneOf.join(', ')}.`,
      );
}

function used({ secrets }: View, report: Report): void {
  for (const [secret, { targets }] of secrets)
    if (targets.length === 0)
      report(
        'C011',
        'secrets',
        [secret, 'targets'],
        'has no target: no application receives it',
        'Give it a target, or remove the secret.',
      );
}

export function hintNearest(name: string, known: Iterable<string>, otherwise: string): string {
  const nearest = suggest(name, [...known]);
  return nearest === undefined ? otherwise : `Did you mean "${nearest}"? ${otherwise}`;
}

export const secretRules: readonly Rule[] = [owners, remoteNames, oneSecretPerRemoteName, fields, used];
export const secretRulesOfOne: readonly Rule[] = [owners, remoteNames, fields, used];
