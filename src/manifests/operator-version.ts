/**
 * What differs between minors of External Secrets Operator in the API defaults of what Lockstep writes. Defaults are written out, because
 * Argo CD would otherwise see what the API server fills in as a difference.
 */
export type OperatorVersion = { readonly major: number; readonly minor: number };

/** Asked for each ExternalSecret, and few different. */
const parsed = new Map<string, OperatorVersion>();

/** @param version of the form 0.20.4; src/model/rules holds that it is */
export function parseOperatorVersion(version: string): OperatorVersion {
  const before = parsed.get(version);
  if (before !== undefined) return before;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const now = { major, minor };
  parsed.set(version, now);
  return now;
}

/**
 * The defaults of `remoteRef`, `extract` and `find`. From 2.3 to 2.8 the CRD also fills in `nullBytePolicy`; before it the field is unknown
 * and refused, from 2.9 on nothing is filled in, and what is written out stays as it is.
 */
export function remoteReferenceDefaults({ major, minor }: OperatorVersion): Readonly<Record<string, string>> {
  const defaults = { conversionStrategy: 'Default', decodingStrategy: 'None', metadataPolicy: 'None' };
  return major === 2 && minor >= 3 && minor <= 8 ? { ...defaults, nullBytePolicy: 'Ignore' } : defaults;
}

/** `azurekv.useAzureSDK` came with 0.20, where the API fills in false; before it the field is unknown and refused. */
export function azureStoreDefaults({ major, minor }: OperatorVersion): Readonly<Record<string, boolean>> {
  return major > 0 || minor >= 20 ? { useAzureSDK: false } : {};
}
