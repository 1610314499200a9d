/** A configuration of any number of secrets, and what it says about each: fields, every tenth secret one plain text. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';

export type CatalogSecret = {
  readonly name: string;
  readonly vaultPath: string;
  readonly keyVaultName: string;
  readonly kind: 'fields' | 'text';
};

/** What the catalog knows; the first one is required. */
export const fieldNames = ['A', 'b_field', 'C.third', 'D-4'] as const;
export const textProperty = 'value';

const definition = `
const at = (index) => String(index).padStart(5, '0');
export const secrets = Object.fromEntries(
  Array.from({ length: COUNT }, (_, index) => {
    const name = 's-' + at(index);
    const common = {
      description: 'generated',
      application: 'app-' + (index % 7),
      vaultPath: 'app-' + (index % 7) + '/' + name,
      keyVaultName: 'app-' + name,
    };
    if (index % 10 === 9)
      return [name, { ...common, targets: [{ name, key: 'text' }], text: { format: 'text', vaultProperty: 'value' } }];
    const fields = Object.fromEntries(
      FIELDS.map((field, at) => [field, { description: 'generated', format: 'text', required: at === 0 }]),
    );
    return [name, { ...common, targets: [{ name }], fields }];
  }),
);
`;

/** @param root of a repository that has config/ */
export function writeCatalog(root: string, count: number): readonly CatalogSecret[] {
  const write = (file: string, text: string): void => writeFileSync(path.join(root, 'config', file), text);
  write(
    'applications.ts',
    `export const applications = Array.from({ length: 7 }, (_, index) => ({ name: 'app-' + index, namespace: 'app-' + index, chart: { type: 'NextJsChart', props: { secretStore: 'azure-keyvault-store' } } }));\n`,
  );
  write('secrets.ts', definition.replace('COUNT', String(count)).replace('FIELDS', JSON.stringify(fieldNames)));
  write(
    'environments.ts',
    `export const environments = {
  dev: {
    defaultStore: 'vault-secret-store',
    vault: { server: 'http://vault.vault.svc.cluster.local:8200', profile: 'dev' },
    gitOps: { kind: 'git', repoUrl: 'https://git.example.org/platform.git', revision: 'main' },
    externalSecrets: { version: '0.20.4', refreshInterval: '1h0m0s' },
  },
};
`,
  );
  return Array.from({ length: count }, (_, index) => {
    const name = `s-${String(index).padStart(5, '0')}`;
    return {
      name,
      vaultPath: `app-${index % 7}/${name}`,
      keyVaultName: `app-${name}`,
      kind: index % 10 === 9 ? 'text' : 'fields',
    };
  });
}
