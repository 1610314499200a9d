import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { loadConfiguration } from '../configuration/load-configuration.ts';
import type { CommandHelp } from '../docs/render-docs.ts';
import { renderDocs } from '../docs/render-docs.ts';
import { writeDocs } from '../docs/write-docs.ts';
import { InternalError } from '../model/problem.ts';
import { renderTable } from '../report/table.ts';
import type { CommandDefinition } from './command.ts';
import { problemsFound } from './problems-found.ts';

export const command: CommandDefinition = {
  examples: ['npm run docs', 'npm run docs -- --verify', 'npm run docs -- --verify --output json'],
  formats: ['text', 'markdown', 'json'],
  options: (of) => of.option('--verify', 'write nothing; say whether the documentation is what would be made'),

  async run({ verify }, { root, program }) {
    const { configuration, problems } = await loadConfiguration(root);
    if (problems.length > 0)
      return problemsFound([], problems, 'Nothing was written. Mend this and run npm run docs again.');
    const files = writeDocs(root, renderDocs(configuration, commandHelp(program)), { verify: verify === true });
    const different = files.filter(({ state }) => state === 'different').length;
    const rows = files.map(({ file, state }) => [file, `${symbols[state]} ${state}`]);
    return {
      outcome: different === 0 ? 'clean' : 'findings',
      environments: [],
      items: files,
      problems: [],
      render: (format) =>
        format === 'markdown'
          ? `| File | |\n|---|---|\n${rows.map((row) => `| ${row.join(' | ')} |\n`).join('')}`
          : [
              ...renderTable(rows, { indent: 0 }),
              '',
              different === 0 ? '✓ the documentation is current' : 'Next: npm run docs',
              '',
            ].join('\n'),
    };
  },
};

const symbols = { same: '=', written: '+', different: '✗' } as const;

/** As a user sees it: the program is asked, in processes of their own, so that no command needs to know the others. */
function commandHelp(program: string): CommandHelp[] {
  const commands = /\nCommands:\n(?<list>(?: .*\n)+)/.exec(helpOf(program, []))?.groups?.['list'] ?? '';
  return [...commands.matchAll(/^ {2}(\S+) +(\S(?:.*\n {3,}\S)*.*)$/gm)].map(([, name = '', summary = '']) => ({
    name,
    summary: summary.replace(/\s*\n\s+/g, ' '),
    help: helpOf(program, [name]),
  }));
}

function helpOf(program: string, args: readonly string[]): string {
  const main = path.join(program, 'src', 'main.js');
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', main, ...args, '--help'],
    { encoding: 'utf8' },
  );
  if (status === 0) return stdout;
  throw new InternalError(new Error(`--help of ${args.join(' ')} failed`));
}
