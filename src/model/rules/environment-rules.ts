import {
  checkCanonicalDuration,
  checkDnsLabel,
  checkGuid,
  checkHostName,
  checkKeyVaultName,
  foldKeyVaultName,
} from '../names.ts';
import { hintNearest } from './secret-rules.ts';
import type { Report, Rule, View } from './rule.ts';

function environmentNames({ environments }: View, report: Report): void {
  for (const [name, { ingressHost }] of environments) {
    const problem = checkDnsLabel(name);
    if (problem !== undefined)
      report(
        'C004',
        'environments',
        [name],
        `is ${problem}`,
        'Rename the environment: its name is a folder of the output.',
      );
    const hostProblem = ingressHost === undefined ? undefined : checkHostName(ingressHost);
    if (hostProblem !== undefined)
      report(
        'C004',
        'environments',
        [name, 'ingressHost'],
        `"${ingressHost}" is ${hostProblem}`,
        'Give the bare host name.',
      );
  }
}

function keyVaults({ environments }: View, report: Report): void {
  const owners = new Map<string, string>();
  for (const [name, { azure }] of environments) {
    if (azure === undefined) continue;
    const at = [name, 'azure', 'keyVaultName'];
    const problem = checkKeyVaultName(azure.keyVaultName);
    if (problem !== undefined)
      report(
        'C006',
        'environments',
        at,
        `"${azure.keyVaultName}" is ${problem}`,
        'Give the name of the Key Vault, not its address.',
      );
    for (const id of ['tenantId', 'clientId'] as const) {
      const value = azure[id];
      const idProblem = value === undefined ? undefined : checkGuid(value);
      if (idProblem !== undefined)
        report(
          'C019',
          'environments',
          [name, 'azure', id],
          `is ${idProblem}`,
          'Copy it from the Azure portal or az account show.',
        );
    }
    const folded = foldKeyVaultName(azure.keyVaultName);
    const other = owners.get(folded);
    if (other !== undefined)
      report(
        'C012',
        'environments',
        at,
        `${other} and ${name} both use Key Vault "${azure.keyVaultName}" (names are compared without case): a leak in ${other} would be a leak in ${name}`,
        `Give each its own: environments.${name}.azure.keyVaultName.`,
      );
    owners.set(folded, other ?? name);
  }
}

/** `external-secrets.io/v1` came with 0.16; 0.17 is the oldest release whose CRDs are at hand (schemas/). */
const OLDEST_MINOR = 17;

function externalSecrets({ environments }: View, report: Report): void {
  for (const [name, { externalSecrets: operator }] of environments) {
    const durationProblem = checkCanonicalDuration(operator.refreshInterval);
    if (durationProblem !== undefined)
      report(
        'C023',
        'environments',
        [name, 'externalSecrets', 'refreshInterval'],
        `"${operator.refreshInterval}" is ${durationProblem}`,
        'Write it as Go does, so that Argo CD sees no difference: 1h0m0s.',
      );
    const version = /^(\d+)\.(\d+)\.(\d+)$/.exec(operator.version);
    if (version === null || (version[1] === '0' && Number(version[2]) < OLDEST_MINOR))
      report(
        'C023',
        'environments',
        [name, 'externalSecrets', 'version'],
        version === null
          ? `"${operator.version}" is not a version of the form 0.20.4`
          : `${operator.version} is too old: manifests are external-secrets.io/v1`,
        `Use 0.${OLDEST_MINOR} or newer.`,
      );
  }
}

function omittedSecrets({ environments, names }: View, report: Report): void {
  for (const [name, { omitSecrets }] of environments)
    omitSecrets?.forEach((secret, index) => {
      if (!names.secrets.has(secret))
        report(
          'C009',
          'environments',
          [name, 'omitSecrets', index],
          `there is no secret "${secret}"`,
          hintNearest(secret, names.secrets, 'Remove it from omitSecrets.'),
        );
    });
}

function vaultAddress({ environments }: View, report: Report): void {
  for (const [name, { vault, production }] of environments) {
    const at = [name, 'vault', 'server'];
    const url = URL.parse(vault.server);
    if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
      report(
        'C019',
        'environments',
        at,
        'is not the address of a Vault',
        'Give it as https://vault.example.org:8200, without credentials.',
      );
    else if (production === true && url.protocol === 'http:')
      report(
        'C029',
        'environments',
        at,
        'is plain HTTP in production: secrets would cross the network unencrypted',
        'Use https.',
      );
    if (vault.mount !== undefined && (vault.mount.startsWith('/') || vault.mount.endsWith('/')))
      report(
        'C007',
        'environments',
        [name, 'vault', 'mount'],
        'must not start or end with "/"',
        'Give the bare mount, such as secret.',
      );
    if (production === true && vault.profile === 'dev')
      report(
        'C029',
        'environments',
        [name, 'vault', 'profile'],
        'is dev in production: it forgets everything at a restart',
        'Use ha.',
      );
  }
}

export const environmentRules: readonly Rule[] = [
  environmentNames,
  keyVaults,
  externalSecrets,
  omittedSecrets,
  vaultAddress,
];
