/** Every command by its name. Each is loaded only when it is called, so that none pays for another's packages. */
import type { CommandDefinition } from './command.ts';

type Entry = { readonly summary: string; readonly load: () => Promise<CommandDefinition> };

export const commands: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  [
    'start',
    {
      summary: 'the whole journey on embedded stores: seed, synthesise, show what each application receives',
      load: async () => (await import('./start.ts')).command,
    },
  ],
  [
    'synth',
    {
      summary: 'write the manifests of an environment to dist/',
      load: async () => (await import('./synth.ts')).command,
    },
  ],
  [
    'check',
    {
      summary: 'check config/ and the manifests that follow from it, and write nothing',
      load: async () => (await import('./check.ts')).command,
    },
  ],
  [
    'preflight',
    {
      summary: 'say what External Secrets Operator will do with each ExternalSecret, before anything is deployed',
      load: async () => (await import('./preflight.ts')).command,
    },
  ],
  [
    'upgrade-manifests',
    {
      summary: 'rewrite manifests of external-secrets.io/v1beta1 to v1, and nothing else in them',
      load: async () => (await import('./upgrade-manifests.ts')).command,
    },
  ],
  [
    'adopt',
    {
      summary: 'make the catalog and applications of config/ from the ExternalSecrets of a platform that exists',
      load: async () => (await import('./adopt.ts')).command,
    },
  ],
  [
    'dev',
    {
      summary: 'run the embedded servers for development, until Ctrl-C',
      load: async () => (await import('./dev.ts')).command,
    },
  ],
  [
    'bootstrap-vault',
    {
      summary: 'set Vault up for External Secrets Operator: mount, sign-in, policies, audit log',
      load: async () => (await import('./bootstrap-vault.ts')).command,
    },
  ],
  [
    'migrate-secrets-to-azure',
    {
      summary: 'copy secrets from Vault to Azure Key Vault, and prove that applications see no difference',
      load: async () => (await import('./migrate-secrets-to-azure.ts')).command,
    },
  ],
  [
    'migrate-secrets-to-vault',
    {
      summary: 'copy secrets from Azure Key Vault to Vault, and prove that applications see no difference',
      load: async () => (await import('./migrate-secrets-to-vault.ts')).command,
    },
  ],
  [
    'verify-secrets',
    {
      summary: 'compare both stores: whether every application would receive the same from either',
      load: async () => (await import('./verify-secrets.ts')).command,
    },
  ],
  [
    'list-secrets',
    {
      summary: 'what the stores hold of the catalog: there, missing, malformed, old; no values',
      load: async () => (await import('./list-secrets.ts')).command,
    },
  ],
  [
    'set-secrets',
    {
      summary: 'write what the catalog declares and the store lacks: asked for, from a file, or generated',
      load: async () => (await import('./set-secrets.ts')).command,
    },
  ],
  [
    'rollout',
    {
      summary: 'lead an application over to the other store: verify, configure, synthesise, watch the cluster',
      load: async () => (await import('./rollout.ts')).command,
    },
  ],
  [
    'schemas',
    {
      summary: 'make schemas/ from the CRDs inside the Go modules (needs Go)',
      load: async () => (await import('./schemas.ts')).command,
    },
  ],
  [
    'docs',
    {
      summary: 'make the parts of README.md and docs/ that follow from config/ and the program',
      load: async () => (await import('./docs.ts')).command,
    },
  ],
]);
