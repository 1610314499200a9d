/** One ExternalSecret for each target: one read per refresh, metadata by template, API defaults written out. */
import type { ApplicationTarget, Environment, Secret, Target } from '../model/platform.ts';
import { alwaysRequired, remoteKey } from '../model/platform.ts';
import { renderFieldTemplate } from './field-template.ts';
import type { Manifest } from './manifest.ts';
import { crdMayBeMissing, standardLabels, syncWave } from './manifest.ts';
import { parseOperatorVersion, remoteReferenceDefaults } from './operator-version.ts';

const annotations = { ...syncWave('externalSecret'), ...crdMayBeMissing };

export function externalSecret({ secret, target }: ApplicationTarget, environment: Environment): Manifest {
  const { version, refreshInterval } = environment.externalSecrets;
  const defaults = remoteReferenceDefaults(parseOperatorVersion(version));
  const templateData = Object.keys(target.template).length === 0 ? {} : { data: target.template };
  const key = remoteKey(secret);
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: {
      name: target.name,
      namespace: target.namespace,
      labels: standardLabels(target.application),
      annotations,
    },
    spec: {
      refreshInterval,
      refreshPolicy: 'Periodic',
      secretStoreRef: { kind: 'ClusterSecretStore', name: secret.store },
      target: {
        name: target.name,
        creationPolicy: 'Owner',
        deletionPolicy: deletionPolicy(secret, target),
        template: {
          engineVersion: 'v2',
          type: target.type,
          // Given, so that nothing of the ExternalSecret's own (last-applied-configuration, tracking labels) is copied to the Secret.
          metadata: {
            labels: { ...standardLabels(target.application), ...target.labels },
            ...(Object.keys(target.annotations).length === 0 ? {} : { annotations: target.annotations }),
          },
          mergePolicy: 'Replace',
          templateFrom: [{ target: 'Data', literal: renderFieldTemplate(secret, target) }],
          ...templateData,
        },
      },
      ...(secret.content.kind === 'fields'
        ? // Unicode: two undeclared names that Default would fold into one (a/b and a_b) must not fail the sync.
          { dataFrom: [{ extract: { ...defaults, conversionStrategy: 'Unicode', key } }] }
        : {
            data: target.keys.map(({ key: secretKey }) => ({
              secretKey,
              remoteRef: {
                ...defaults,
                key,
                ...(secret.store === 'vault-secret-store' && secret.content.kind === 'text'
                  ? { property: secret.content.vaultProperty }
                  : {}),
              },
            })),
          }),
    },
  };
}

/**
 * What happens when the remote secret is not there or holds nothing. With `Retain` the operator reports a success for an empty one, and
 * nothing is written. With `Merge` it goes on to the template, which fails and names what is required, and a Secret that is there stays as
 * it is; only where nothing is required would it empty the Secret.
 */
function deletionPolicy(secret: Secret, target: Target): 'Merge' | 'Retain' {
  return alwaysRequired(secret, target).length > 0 ? 'Merge' : 'Retain';
}
