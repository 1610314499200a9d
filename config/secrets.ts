import { defineSecrets } from '../src/model/define';
import { applications } from './applications';

const openai = { whenField: 'LLM_PROVIDER', is: ['openai'] } as const;
const azureOpenai = { whenField: 'LLM_PROVIDER', is: ['azure-openai'] } as const;
const bedrock = { whenField: 'LLM_PROVIDER', is: ['aws-bedrock'] } as const;

/** The catalog: every secret, stated once. Its names in Vault, Key Vault and Kubernetes are nowhere else. */
export const secrets = defineSecrets(applications, {
  // ── AI platform engineering ────────────────────────────────────────────────────────────────────────────────────────
  global: {
    description: 'The language model that every agent uses',
    application: 'ai-platform-engineering',
    vaultPath: 'ai-platform-engineering/global',
    keyVaultName: 'ai-platform-engineering-global',
    targets: [{ name: 'ai-platform-global-secrets' }],
    fields: {
      LLM_PROVIDER: {
        description: 'Which provider is in use',
        format: { oneOf: ['openai', 'azure-openai', 'aws-bedrock'] },
      },
      OPENAI_API_KEY: {
        description: 'API key',
        format: 'token',
        required: openai,
        obtainedFrom: 'https://platform.openai.com/api-keys',
        rotateAfterDays: 90,
      },
      OPENAI_ENDPOINT: { description: 'Base URL of the API', format: 'url', required: openai },
      OPENAI_MODEL_NAME: { description: 'Model', format: 'text', required: openai },
      AZURE_OPENAI_API_KEY: {
        description: 'API key of the Azure OpenAI resource',
        format: 'token',
        required: azureOpenai,
        obtainedFrom: 'Azure portal: the resource, Keys and Endpoint',
        rotateAfterDays: 90,
      },
      AZURE_OPENAI_ENDPOINT: { description: 'Endpoint of the resource', format: 'url', required: azureOpenai },
      AZURE_OPENAI_API_VERSION: { description: 'API version', format: 'text', required: azureOpenai },
      AZURE_OPENAI_DEPLOYMENT: { description: 'Deployment name', format: 'text', required: azureOpenai },
      AWS_ACCESS_KEY_ID: {
        description: 'Access key',
        format: 'token',
        required: bedrock,
        obtainedFrom: 'AWS console: IAM, Users, Security credentials',
        rotateAfterDays: 90,
      },
      AWS_SECRET_ACCESS_KEY: {
        description: 'Secret of the access key',
        format: 'token',
        required: bedrock,
        rotateAfterDays: 90,
      },
      AWS_REGION: { description: 'Region', format: 'text', required: bedrock },
      AWS_BEDROCK_MODEL_ID: { description: 'Model', format: 'text', required: bedrock },
      AWS_BEDROCK_PROVIDER: { description: 'Model provider', format: 'text', required: bedrock },
    },
  },
  argocd: {
    description: 'The Argo CD agent',
    application: 'ai-platform-engineering',
    vaultPath: 'ai-platform-engineering/argocd-secret',
    keyVaultName: 'ai-platform-engineering-argocd',
    targets: [{ name: 'agent-argocd-secrets' }],
    fields: {
      ARGOCD_TOKEN: {
        description: 'API token of an Argo CD account',
        format: 'token',
        obtainedFrom: 'argocd account generate-token',
        rotateAfterDays: 90,
      },
      ARGOCD_API_URL: { description: 'URL of the Argo CD API', format: 'url' },
      ARGOCD_VERIFY_SSL: { description: 'Whether its certificate is checked', format: 'boolean' },
    },
  },
  github: {
    description: 'The GitHub agent',
    application: 'ai-platform-engineering',
    vaultPath: 'ai-platform-engineering/github-secret',
    keyVaultName: 'ai-platform-engineering-github',
    targets: [{ name: 'agent-github-secrets' }],
    fields: {
      GITHUB_PERSONAL_ACCESS_TOKEN: {
        description: 'Fine-grained personal access token',
        format: 'token',
        obtainedFrom: 'https://github.com/settings/personal-access-tokens',
        rotateAfterDays: 90,
      },
    },
  },
  jira: {
    description: 'The Jira agent',
    application: 'ai-platform-engineering',
    vaultPath: 'ai-platform-engineering/jira-secret',
    keyVaultName: 'ai-platform-engineering-jira',
    targets: [{ name: 'agent-jira-secrets' }],
    fields: {
      ATLASSIAN_TOKEN: {
        description: 'API token',
        format: 'token',
        obtainedFrom: 'https://id.atlassian.com/manage-profile/security/api-tokens',
        rotateAfterDays: 90,
      },
      ATLASSIAN_EMAIL: { description: 'Account that the token belongs to', format: 'email' },
      ATLASSIAN_API_URL: { description: 'URL of the site', format: 'url' },
      ATLASSIAN_VERIFY_SSL: { description: 'Whether its certificate is checked', format: 'boolean' },
    },
  },
  pagerduty: {
    description: 'The PagerDuty agent',
    application: 'ai-platform-engineering',
    vaultPath: 'ai-platform-engineering/pagerduty-secret',
    keyVaultName: 'ai-platform-engineering-pagerduty',
    targets: [{ name: 'agent-pagerduty-secrets' }],
    fields: {
      PAGERDUTY_API_KEY: {
        description: 'API key',
        format: 'token',
        obtainedFrom: 'PagerDuty: Integrations, API Access Keys',
        rotateAfterDays: 90,
      },
      PAGERDUTY_API_URL: { description: 'URL of the API', format: 'url' },
    },
  },
  slack: {
    description: 'The Slack agent',
    application: 'ai-platform-engineering',
    vaultPath: 'ai-platform-engineering/slack-secret',
    keyVaultName: 'ai-platform-engineering-slack',
    targets: [{ name: 'agent-slack-secrets' }],
    fields: {
      SLACK_BOT_TOKEN: { description: 'Bot token', format: 'token', obtainedFrom: 'https://api.slack.com/apps' },
      SLACK_APP_TOKEN: { description: 'App-level token', format: 'token', obtainedFrom: 'https://api.slack.com/apps' },
      SLACK_SIGNING_SECRET: {
        description: 'Signing secret',
        format: 'token',
        obtainedFrom: 'https://api.slack.com/apps',
      },
      SLACK_CLIENT_SECRET: {
        description: 'Client secret',
        format: 'token',
        obtainedFrom: 'https://api.slack.com/apps',
      },
      SLACK_TEAM_ID: { description: 'Workspace', format: 'text' },
    },
  },

  // ── NextJS ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  nextjs: {
    description: 'Session and database of the NextJS application',
    application: 'nextjs',
    vaultPath: 'nextjs/application',
    keyVaultName: 'nextjs-application',
    targets: [{ name: 'nextjs-secrets' }],
    fields: {
      NEXTAUTH_SECRET: {
        description: 'Key that signs sessions',
        format: 'token',
        origin: 'generated',
        rotateAfterDays: 180,
      },
      DATABASE_URL: { description: 'Connection string', format: 'url' },
      SENTRY_AUTH_TOKEN: {
        description: 'Uploads source maps',
        format: 'token',
        required: false,
        obtainedFrom: 'https://sentry.io/settings/auth-tokens/',
      },
    },
  },
  'registry-credentials': {
    description: 'Pulls images from the private registry',
    application: 'nextjs',
    vaultPath: 'platform/registry-credentials',
    keyVaultName: 'platform-registry-credentials',
    targets: [
      { name: 'registry-credentials', type: 'kubernetes.io/dockerconfigjson', key: '.dockerconfigjson' },
      {
        name: 'registry-credentials',
        application: 'backstage',
        type: 'kubernetes.io/dockerconfigjson',
        key: '.dockerconfigjson',
      },
    ],
    text: { format: 'json', obtainedFrom: 'docker login, then ~/.docker/config.json', rotateAfterDays: 90 },
  },

  // ── Backstage ──────────────────────────────────────────────────────────────────────────────────────────────────────
  backstage: {
    description: 'The GitHub App of Backstage',
    application: 'backstage',
    vaultPath: 'backstage/github-app',
    keyVaultName: 'backstage-github-app',
    targets: [{ name: 'backstage-github-app' }],
    fields: {
      GITHUB_APP_ID: { description: 'App id', format: 'integer' },
      GITHUB_APP_CLIENT_ID: { description: 'Client id', format: 'text' },
      GITHUB_APP_CLIENT_SECRET: {
        description: 'Client secret',
        format: 'token',
        obtainedFrom: 'GitHub: Developer settings, GitHub Apps',
        rotateAfterDays: 180,
      },
      GITHUB_APP_PRIVATE_KEY: {
        description: 'Private key',
        format: 'pem',
        obtainedFrom: 'GitHub: Developer settings, GitHub Apps',
        rotateAfterDays: 365,
      },
    },
  },
  'backstage-webhook': {
    description: 'Verifies what GitHub sends to Backstage',
    application: 'backstage',
    vaultPath: 'backstage/github-webhook',
    keyVaultName: 'backstage-github-webhook',
    targets: [{ name: 'backstage-github-webhook', key: 'GITHUB_APP_WEBHOOK_SECRET' }],
    text: { format: 'token', origin: 'generated', rotateAfterDays: 180 },
  },
  'platform-repository': {
    description: 'Lets Argo CD read the repository that holds the output',
    application: 'external-secrets',
    vaultPath: 'platform/argocd-repository',
    keyVaultName: 'platform-argocd-repository',
    targets: [
      {
        name: 'platform-repository',
        namespace: 'argocd',
        labels: { 'argocd.argoproj.io/secret-type': 'repo-creds' },
        template: { type: 'git' },
      },
    ],
    fields: {
      url: { description: 'Prefix of the repositories that it opens', format: 'url' },
      username: { description: 'User name', format: 'text' },
      password: {
        description: 'Access token',
        format: 'token',
        obtainedFrom: 'https://github.com/settings/personal-access-tokens',
        rotateAfterDays: 90,
      },
    },
  },

  // ── Headlamp ───────────────────────────────────────────────────────────────────────────────────────────────────────
  headlamp: {
    description: 'The Keycloak client of Headlamp',
    application: 'headlamp',
    vaultPath: 'headlamp/keycloak',
    keyVaultName: 'headlamp-keycloak',
    targets: [{ name: 'headlamp-oidc' }],
    fields: {
      OIDC_CLIENT_ID: { description: 'Keycloak client id', format: 'text' },
      OIDC_CLIENT_SECRET: {
        description: 'Keycloak client secret',
        format: 'token',
        obtainedFrom: 'Keycloak: Clients, Credentials',
        rotateAfterDays: 180,
      },
      OIDC_ISSUER_URL: { description: 'URL of the Keycloak realm', format: 'url' },
    },
  },
  'headlamp-tls': {
    description: "The certificate of Headlamp's ingress",
    application: 'headlamp',
    vaultPath: 'headlamp/tls',
    keyVaultName: 'headlamp-tls',
    targets: [{ name: 'headlamp-tls', type: 'kubernetes.io/tls' }],
    fields: {
      'tls.crt': { description: 'Certificate chain', format: 'pem', rotateAfterDays: 90 },
      'tls.key': { description: 'Private key', format: 'pem', rotateAfterDays: 90 },
    },
  },
});
