/** The environment variables that the configuration listens to. Pure: command-line.ts alone reads the process's environment. */
import type { StoreName } from './configuration.ts';
import { storeNames } from './configuration.ts';
import { checkGuid, checkHostName, checkKeyVaultName, suggest } from './names.ts';
import type { NameProblem } from './names.ts';
import type { Problem } from './problem.ts';

export type Variables = {
  readonly AZURE_KEYVAULT_NAME?: string;
  readonly AZURE_TENANT_ID?: string;
  readonly AZURE_CLIENT_ID?: string;
  readonly AI_PLATFORM_SECRET_STORE?: StoreName;
  readonly INGRESS_HOST?: string;
};
export type VariableName = keyof Variables;

/** How each is set: a line that can be pasted, with a value of the right form. */
export const howToSet: Readonly<Record<VariableName, string>> = {
  AZURE_KEYVAULT_NAME: 'export AZURE_KEYVAULT_NAME=<name of the Key Vault> (az keyvault list --query "[].name")',
  AZURE_TENANT_ID: 'export AZURE_TENANT_ID=$(az account show --query tenantId --output tsv)',
  AZURE_CLIENT_ID:
    'export AZURE_CLIENT_ID=$(az identity show --name <identity> --resource-group <group> --query clientId --output tsv)',
  AI_PLATFORM_SECRET_STORE: `export AI_PLATFORM_SECRET_STORE=azure-keyvault-store (or ${storeNames[0]})`,
  INGRESS_HOST: 'export INGRESS_HOST=cnoe.localtest.me',
};

function checkStoreName(name: string): NameProblem {
  if ((storeNames as readonly string[]).includes(name)) return undefined;
  const nearest = suggest(name, storeNames);
  return `not a store; there are ${storeNames.join(' and ')}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
}

const checks: Readonly<Record<VariableName, (value: string) => NameProblem>> = {
  AZURE_KEYVAULT_NAME: checkKeyVaultName,
  AZURE_TENANT_ID: checkGuid,
  AZURE_CLIENT_ID: checkGuid,
  AI_PLATFORM_SECRET_STORE: checkStoreName,
  INGRESS_HOST: checkHostName,
};

/** @returns the sound ones, and a problem for each that is set but empty or malformed; others in `environment` are ignored */
export function parseVariables(environment: Readonly<Record<string, string | undefined>>): {
  readonly variables: Variables;
  readonly problems: readonly Problem[];
} {
  const variables: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [name, check] of Object.entries(checks) as [VariableName, (value: string) => NameProblem][]) {
    const value = environment[name];
    if (value === undefined) continue;
    const problem = value === '' ? 'set, but empty' : check(value);
    if (problem === undefined) variables[name] = value;
    else
      problems.push(
        variableProblem(
          value === '' ? 'C018' : 'C019',
          name,
          value === '' ? `is ${problem}` : `"${value}" is ${problem}`,
          value === '' ? `Set it: ${howToSet[name]}; or unset it: unset ${name}` : `Set it: ${howToSet[name]}`,
        ),
      );
  }
  return { variables, problems };
}

export function variableProblem(code: Problem['code'], name: VariableName, message: string, hint: string): Problem {
  return { code, where: name, path: '', message, hint };
}
