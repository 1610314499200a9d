/** The shapes of answers: bundles and items. What a secret does not have is left out; the order of fields is that of recorded traffic [rec]. */
import type { ApiVersion } from './api-version.ts';
import type { SecretHeader, SecretVersion } from './vault-secrets.ts';

/** What all secrets of a vault have in common. @property baseUrl without a slash at the end */
export type VaultTraits = {
  readonly baseUrl: string;
  readonly recoveryLevel: string;
  readonly retentionDays: number;
};

/** @property value whether it is told. @property version whether the id names one, which in the lists of secrets it does not */
type Shown = { readonly value?: boolean; readonly version: boolean };

/** As documented: 90 days are the default, and anything less is `Customized`. */
export function recoveryLevelOf(retentionDays: number, purgeProtection: boolean): string {
  return `${retentionDays < 90 ? 'Customized' : ''}Recoverable${purgeProtection ? '' : '+Purgeable'}`;
}

export function renderSecret(
  traits: VaultTraits,
  api: ApiVersion,
  secret: SecretHeader,
  version: SecretVersion,
  shown: Shown,
): object {
  const { contentType, tags, kid, previous } = version;
  // Only a secret behind a certificate has it (keyvault-secrets 4.11, `SecretProperties.previousVersion`).
  const hasPrevious = api.hasPreviousVersion && secret.managed === true && previous !== undefined;
  return {
    ...(shown.value && { value: version.value }),
    ...(contentType !== undefined && { contentType }),
    id: `${traits.baseUrl}/secrets/${secret.name}${shown.version ? `/${version.version}` : ''}`,
    ...(secret.managed && { managed: true }),
    attributes: renderAttributes(traits, api, version),
    ...(tags !== undefined && { tags }),
    ...(shown.version && kid !== undefined && { kid }),
    ...(shown.version && hasPrevious && { previousVersion: previous }),
  };
}

export function renderDeletedSecret(
  traits: VaultTraits,
  api: ApiVersion,
  secret: SecretHeader,
  version: SecretVersion,
  shown: Shown,
): object {
  const deletedDate = Math.floor((secret.deletedAtMs ?? 0) / 1000);
  return {
    recoveryId: `${traits.baseUrl}/deletedsecrets/${secret.name}`,
    deletedDate,
    scheduledPurgeDate: deletedDate + traits.retentionDays * 86_400,
    ...renderSecret(traits, api, secret, version, shown),
  };
}

function renderAttributes(traits: VaultTraits, api: ApiVersion, version: SecretVersion): object {
  const { enabled, nbf, exp, created, updated } = version;
  return {
    enabled,
    ...(nbf !== undefined && { nbf }),
    ...(exp !== undefined && { exp }),
    created,
    updated,
    recoveryLevel: traits.recoveryLevel,
    ...(api.hasRecoverableDays && { recoverableDays: traits.retentionDays }),
  };
}
