/** Which Key Vault and which identity an environment uses: config/environments.ts and the variables, which must not contradict each other. */
import type { Configuration, EnvironmentDefinition } from './configuration.ts';
import { configurationFiles } from './configuration-shape.ts';
import { foldKeyVaultName } from './names.ts';
import type { KeyVault, NamedKeyVault } from './platform.ts';
import type { Problem } from './problem.ts';
import { pathOf } from './shape.ts';
import type { VariableName, Variables } from './variables.ts';
import { howToSet, variableProblem } from './variables.ts';

export type KeyVaultAnswer =
  | { readonly kind: 'present'; readonly keyVault: KeyVault }
  | { readonly kind: 'none' }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

/** What config/ says beside what the variable says. */
type Setting = {
  readonly name: VariableName;
  readonly property: 'keyVaultName' | 'tenantId' | 'clientId';
  readonly what: string;
};

const settings: readonly Setting[] = [
  { name: 'AZURE_KEYVAULT_NAME', property: 'keyVaultName', what: 'the Key Vault' },
  { name: 'AZURE_TENANT_ID', property: 'tenantId', what: 'the tenant' },
  { name: 'AZURE_CLIENT_ID', property: 'clientId', what: 'the identity of External Secrets Operator' },
];

/**
 * @param variables those that were set and well-formed
 * @param malformed those that were set, but empty or malformed, and are reported already
 */
export function resolveKeyVault(
  configuration: Configuration,
  environment: string,
  variables: Variables,
  malformed: ReadonlySet<string>,
): KeyVaultAnswer {
  const definition = configuration.environments[environment]?.azure;
  const problems: Problem[] = [
    ...contradictions(environment, definition, variables),
    ...borrowed(configuration, environment, variables),
  ];
  const value = ({ name, property }: Setting): string | undefined => definition?.[property] ?? variables[name];
  const [vault, tenant, client] = settings.map(value);

  if (vault === undefined) {
    if (malformed.has('AZURE_KEYVAULT_NAME')) return { kind: 'wrong', problems };
    const set = settings.map(({ name }) => name).filter((name) => variables[name] !== undefined || malformed.has(name));
    if (set.length === 0) return problems.length === 0 ? { kind: 'none' } : { kind: 'wrong', problems };
    problems.push(
      variableProblem(
        'C017',
        'AZURE_KEYVAULT_NAME',
        `is missing: ${set.join(' and ')} ${set.length === 1 ? 'is' : 'are'} set, so a Key Vault seems to be meant, but nothing names it`,
        `Set it: ${howToSet.AZURE_KEYVAULT_NAME}; or unset ${set.join(' ')}`,
      ),
    );
    return { kind: 'wrong', problems };
  }
  for (const setting of settings.slice(1))
    if (value(setting) === undefined && !malformed.has(setting.name))
      problems.push(
        variableProblem(
          'C017',
          setting.name,
          `is missing: ${setting.what} that reads Key Vault "${vault}" in ${environment}`,
          `Set it: ${howToSet[setting.name]}; or ${
            definition === undefined
              ? `give ${pathOf('environments', environment)} an azure entry with keyVaultName, tenantId and clientId`
              : `set ${pathOf('environments', environment, 'azure', setting.property)}`
          } in ${configurationFiles.environments}`,
        ),
      );
  if (problems.length > 0 || tenant === undefined || client === undefined) return { kind: 'wrong', problems };
  const name = vault.toLowerCase();
  return {
    kind: 'present',
    keyVault: {
      name,
      uri: uriOf(name),
      tenantId: tenant.toLowerCase(),
      clientId: client.toLowerCase(),
    },
  };
}

/** The Key Vault that an environment names, whether or not an application reads from it yet. The identity of the operator does not matter to it. */
export function nameKeyVault(configuration: Configuration, environment: string, variables: Variables): NamedKeyVault {
  const definition = configuration.environments[environment]?.azure;
  const problems = [
    ...contradictions(environment, definition, variables).filter(({ where }) => where === 'AZURE_KEYVAULT_NAME'),
    ...borrowed(configuration, environment, variables),
  ];
  if (problems.length > 0) return { kind: 'wrong', problems };
  const name = (definition?.keyVaultName ?? variables.AZURE_KEYVAULT_NAME)?.toLowerCase();
  return name === undefined ? { kind: 'none' } : { kind: 'named', name, uri: uriOf(name) };
}

function uriOf(name: string): string {
  return `https://${name}.vault.azure.net`;
}

function contradictions(
  environment: string,
  definition: EnvironmentDefinition['azure'],
  variables: Variables,
): Problem[] {
  return settings.flatMap(({ name, property, what }) => {
    const configured = definition?.[property];
    const set = variables[name];
    if (configured === undefined || set === undefined || configured.toLowerCase() === set.toLowerCase()) return [];
    return [
      variableProblem(
        'C020',
        name,
        `"${set}" contradicts ${pathOf('environments', environment, 'azure', property)}, which says that ${what} is "${configured}"`,
        `Unset it (unset ${name}) or change ${configurationFiles.environments}.`,
      ),
    ];
  });
}

/** A variable must not lend an environment the Key Vault of another. */
function borrowed(configuration: Configuration, environment: string, variables: Variables): Problem[] {
  const set = variables.AZURE_KEYVAULT_NAME;
  if (set === undefined || configuration.environments[environment]?.azure !== undefined) return [];
  return Object.entries(configuration.environments)
    .filter(([, { azure }]) => azure !== undefined && foldKeyVaultName(azure.keyVaultName) === foldKeyVaultName(set))
    .map(([other]) =>
      variableProblem(
        'C012',
        'AZURE_KEYVAULT_NAME',
        `"${set}" is the Key Vault of ${other}; ${environment} must not share it: a leak in ${environment} would be a leak in ${other}`,
        `Name another Key Vault, or run with --environment ${other}.`,
      ),
    );
}
