/** How Vault asks the cluster about ServiceAccount tokens: auth/kubernetes/config. Lockstep's where the auth method is. */
import type { SecretValue } from '../model/secret-value.ts';
import type { DesiredVault } from './desired-vault.ts';
import { mark, refuse } from './planned-item.ts';
import type { PlannedItem } from './planned-item.ts';
import type { VaultState } from './vault-state.ts';
import { paths, textOf } from './vault-state.ts';

export function planConfiguration(desired: DesiredVault, state: VaultState): PlannedItem {
  const { kubernetes, authMount } = desired;
  const { host, caCertificate, reviewerJwt, replaceReviewerJwt = false } = kubernetes;
  const path = paths.configuration(desired);
  const item = { thing: 'auth configuration', name: path } as const;
  // Where either is Vault's own, from its pod, it must be allowed to look there.
  const disableLocal = caCertificate !== undefined && reviewerJwt !== undefined;
  const secrets: Readonly<Record<string, SecretValue>> =
    reviewerJwt === undefined ? {} : { token_reviewer_jwt: reviewerJwt };
  const fields = {
    kubernetes_host: host,
    kubernetes_ca_cert: caCertificate ?? '',
    disable_local_ca_jwt: disableLocal,
  };
  const change = {
    write: { path, fields, secrets, repeatable: true },
    needs: { path, capabilities: ['update'] },
  } as const;
  const { configuration: found } = state;
  if (found === undefined)
    return {
      ...item,
      about: `${host}, ${source('CA', caCertificate)}, ${source('reviewer', reviewerJwt)}`,
      action: 'create',
      ...change,
    };

  const foundCa = textOf(found['kubernetes_ca_cert']).trim();
  const isReviewerSet = found['token_reviewer_jwt_set'] === true;
  const differences = [
    ...(found['kubernetes_host'] === host ? [] : [`kubernetes_host: ${textOf(found['kubernetes_host'])} → ${host}`]),
    ...(foundCa === (caCertificate ?? '').trim()
      ? []
      : [
          `kubernetes_ca_cert: ${certificate(foundCa)} → ${caCertificate === undefined ? "Vault's own" : 'the one given'}`,
        ]),
    ...(isReviewerSet === (reviewerJwt !== undefined)
      ? []
      : [`token_reviewer_jwt: ${isReviewerSet ? "set → Vault's own" : "Vault's own → the one given"}`]),
    ...(found['disable_local_ca_jwt'] === disableLocal
      ? []
      : [`disable_local_ca_jwt: ${String(found['disable_local_ca_jwt'])} → ${String(disableLocal)}`]),
    // Other keys than the cluster's would make tokens genuine that are not.
    ...(Array.isArray(found['pem_keys']) && found['pem_keys'].length > 0 ? ['pem_keys: set → none'] : []),
  ];
  const isOurs = state.authMethods.get(`${authMount}/`)?.description === mark;
  const replaces = replaceReviewerJwt && reviewerJwt !== undefined && isReviewerSet;
  if (differences.length === 0 && !replaces)
    return {
      ...item,
      about: isReviewerSet ? "the reviewer's token cannot be compared" : '',
      action: 'unchanged',
      owner: isOurs ? 'lockstep' : 'others',
    };
  if (!isOurs)
    return refuse(
      item,
      `is not Lockstep's, and differs: ${(replaces ? ['token_reviewer_jwt'] : differences).join('; ')}`,
      `Name what it has (npm run bootstrap-vault -- --help), or give it to Lockstep: vault auth tune -description="${mark}" ${authMount}`,
    );
  const all = replaces ? [...differences, 'token_reviewer_jwt: set → the one given'] : differences;
  // What is not sent becomes empty, keys included.
  return { ...item, about: '', action: 'update', differences: all, adds: false, ...change };
}

function source(what: string, given: unknown): string {
  return given === undefined ? `Vault's own ${what}` : `the ${what} given`;
}

function certificate(found: string): string {
  return found === '' ? "Vault's own" : 'another';
}
