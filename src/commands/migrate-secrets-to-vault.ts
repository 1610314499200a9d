import { migrateCommand } from './migrate-secrets.ts';

export const command = migrateCommand({
  name: 'migrate-secrets-to-vault',
  sidesOf: ({ vault, keyVault }) => [keyVault, vault],
});
