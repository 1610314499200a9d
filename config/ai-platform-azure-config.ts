import { defineApplication } from '../src/model/define';

/** The AI platform on Azure Key Vault: put this identifier in place of its entry in `applications.ts`. */
export const aiPlatformAzureConfig = defineApplication({
  name: 'ai-platform-engineering',
  namespace: 'ai-platform-engineering',
  chart: {
    type: 'AiPlatformEngineeringChart',
    props: { secretStore: 'azure-keyvault-store' },
  },
});
