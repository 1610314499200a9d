import { renderTable } from '../report/table.ts';
import { makeSchemas } from '../schemas/make-schemas.ts';
import type { CommandDefinition } from './command.ts';

export const command: CommandDefinition = {
  examples: ['npm run schemas', 'npm run schemas -- --verify', 'npm run schemas -- --verify --output json'],
  formats: ['text', 'markdown', 'json'],
  options: (of) => of.option('--verify', 'write nothing; say whether schemas/ is what the Go modules give'),

  async run({ verify }, { program, note }) {
    const result = await makeSchemas({ root: program, verify: verify === true, progress: note });
    const different = result.kind === 'verified' ? result.different : [];
    const rows = result.folders.map(({ folder, module, version, kinds, bytes }) => [
      folder,
      `${module} ${version}`,
      `${kinds} kinds`,
      `${Math.round(bytes / 1024)} KiB`,
    ]);
    return {
      outcome: different.length === 0 ? 'clean' : 'findings',
      environments: [],
      items: result.folders,
      problems: different.map((file) => ({
        code: 'M005',
        where: `schemas/${file}`,
        path: '',
        message: 'is not what the Go module gives',
        hint: 'npm run schemas makes it anew.',
      })),
      render: (format) =>
        format === 'markdown'
          ? `| Folder | Source | Kinds | Size |\n|---|---|---|---|\n${rows.map((row) => `| ${row.join(' | ')} |\n`).join('')}`
          : [
              ...renderTable(rows, { indent: 0 }),
              ...(result.kind === 'written'
                ? ['', 'Next: npm run check']
                : different.length === 0
                  ? ['', '✓ schemas/ is what the Go modules give']
                  : ['', ...different.map((file) => `✗ schemas/${file} differs`), 'Next: npm run schemas']),
              '',
            ].join('\n'),
    };
  },
};
