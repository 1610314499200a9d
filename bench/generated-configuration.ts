/** A platform of any size, written as a user writes one: the three files of config/. */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const repository = path.dirname(import.meta.dirname);

/** A folder that holds a repository: config/ of its own, the program by a link. */
export function writeRepository(root: string): void {
  mkdirSync(root, { recursive: true });
  for (const name of ['src', 'schemas', 'node_modules', 'package.json'])
    symlinkSync(path.join(repository, name), path.join(root, name));
}

export function writeRealConfiguration(root: string): void {
  cpSync(path.join(repository, 'config'), path.join(root, 'config'), { recursive: true });
}

/** @param changed the text that one field of one secret is described with, and a remote name is made of */
export function writeGeneratedConfiguration(
  root: string,
  applications: number,
  secretsEach: number,
  changed: string,
): void {
  const config = path.join(root, 'config');
  mkdirSync(config, { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(path.join(config, file), text);
  write(
    'applications.ts',
    `import { defineApplications } from '../src/model/define';

export const applications = defineApplications(
  Array.from({ length: ${applications} }, (_, index) => ({ name: \`app-\${index}\`, namespace: \`app-\${index}\`, chart: { type: 'NextJsChart' as const } })),
);
`,
  );
  write(
    'secrets.ts',
    `export const secrets = Object.fromEntries(
  Array.from({ length: ${applications * secretsEach} }, (_, index) => {
    const application = \`app-\${Math.floor(index / ${secretsEach})}\`;
    const name = \`\${application}-secret-\${index % ${secretsEach}}\${index === 0 ? '${changed}' : ''}\`;
    return [
      name,
      {
        description: \`What \${application} needs to reach its neighbour \${index % ${secretsEach}}\`,
        application,
        vaultPath: \`\${application}/\${name}\`,
        keyVaultName: name,
        targets: [{ name }],
        fields: {
          URL: { description: 'Where it is', format: 'url' },
          USERNAME: { description: 'Who asks', format: 'text' },
          PASSWORD: { description: 'With which password', format: 'token', rotateAfterDays: 90 },
          OPTIONS: { description: 'Further settings', format: 'json', required: false },
        },
      },
    ];
  }),
);
`,
  );
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
}
