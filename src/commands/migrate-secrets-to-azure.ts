import { migrateCommand } from './migrate-secrets.ts';

export const command = migrateCommand({
  name: 'migrate-secrets-to-azure',
  sidesOf: ({ vault, keyVault }) => [vault, keyVault],
});
