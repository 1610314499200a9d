import { defineApplications } from '../src/model/define';
// For Azure Key Vault:
// import { aiPlatformAzureConfig } from './ai-platform-azure-config';

export const applications = defineApplications([
  { name: 'vault', namespace: 'vault', chart: { type: 'VaultChart' } },
  { name: 'external-secrets', namespace: 'external-secrets', chart: { type: 'ExternalSecretsChart' } },

  // HashiCorp Vault, the default. For Azure Key Vault, put aiPlatformAzureConfig in its place.
  // prettier-ignore
  { name: 'ai-platform-engineering', namespace: 'ai-platform-engineering', chart: { type: 'AiPlatformEngineeringChart' } },

  {
    name: 'nextjs',
    namespace: 'nextjs',
    chart: { type: 'NextJsChart', props: { secretStore: 'azure-keyvault-store' } },
  },
  {
    name: 'backstage',
    namespace: 'backstage',
    chart: { type: 'BackstageChart', props: { secretStore: 'azure-keyvault-store' } },
  },
  {
    name: 'headlamp',
    namespace: 'headlamp',
    chart: { type: 'HeadlampChart', props: { secretStore: 'azure-keyvault-store' } },
  },
]);
