import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { argoCdApplication } from '../argo-cd-application.ts';
import type { ApplicationChartProps } from '../chart-class.ts';
import { standardLabels, syncWave } from '../manifest.ts';
import { operatorServiceAccount, secretStores } from '../secret-stores.ts';

/** The operator, its identity and the two ClusterSecretStores. */
export class ExternalSecretsChart extends Chart {
  constructor(scope: Construct, id: string, props: ApplicationChartProps) {
    super(scope, id, { ...props, namespace: operatorServiceAccount.namespace });
    const { application, environment } = props;
    const { keyVault, externalSecrets } = environment;

    new ApiObject(this, 'service-account', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        ...operatorServiceAccount,
        labels: standardLabels(application.name),
        annotations: {
          ...syncWave('serviceAccount'),
          ...(keyVault === undefined
            ? {}
            : {
                'azure.workload.identity/client-id': keyVault.clientId,
                'azure.workload.identity/tenant-id': keyVault.tenantId,
              }),
        },
      },
    });
    new ApiObject(
      this,
      'operator',
      argoCdApplication(
        'external-secrets-operator',
        operatorServiceAccount.namespace,
        [
          {
            repoURL: 'https://charts.external-secrets.io',
            chart: 'external-secrets',
            targetRevision: externalSecrets.version,
            helm: { releaseName: 'external-secrets', valuesObject: operatorValues },
          },
        ],
        'operator',
        application.name,
      ),
    );
    secretStores(environment, application.name).forEach((store) => new ApiObject(this, store.metadata.name, store));
  }
}

/**
 * One worker and 50 requests a second, the operator's defaults, leave thousands of ExternalSecrets waiting for each other after a restart. Without
 * the token cache the operator logs in to Vault for every refresh, and ends the token after it. Chosen by `npm run bench -- lab`: decision 012.
 * All of the operator's releases from 0.17 to 2.9 know these flags.
 */
export const operatorValues = {
  installCRDs: true,
  serviceAccount: { create: false, name: operatorServiceAccount.name },
  concurrent: 16,
  extraArgs: { 'client-qps': 500, 'client-burst': 1000, 'experimental-enable-vault-token-cache': true },
};

/** For whoever counts the operator's calls. */
export const keepsVaultTokens = operatorValues.extraArgs['experimental-enable-vault-token-cache'];
