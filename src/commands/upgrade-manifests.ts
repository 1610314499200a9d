import path from 'node:path';
import { defaultVersion } from '../eso/operator-settings.ts';
import { readTexts } from '../manifest-input/read-input.ts';
import type { Problem } from '../model/problem.ts';
import { UsageError } from '../model/problem.ts';
import { changedMeanwhile, upgradeItem, upgradeProblems } from '../report/upgrade-items.ts';
import type { UpgradeItem } from '../report/upgrade-report.ts';
import { renderDiff, renderUpgrade, renderUpgradeMarkdown } from '../report/upgrade-report.ts';
import { loadEsoSchemas, selectEsoSchemas } from '../schemas/eso-schemas.ts';
import { createSchemaChecker } from '../schemas/schema-check.ts';
import { loadSchemaSet } from '../schemas/schema-set.ts';
import type { CheckObject } from '../upgrade/plan-upgrade.ts';
import type { JudgedUpgrade } from '../upgrade/upgrade-files.ts';
import { judgeUpgrade, writeUpgrades } from '../upgrade/upgrade-files.ts';
import type { CommandDefinition, CommandResult } from './command.ts';

export const command: CommandDefinition = {
  examples: [
    'npm run upgrade-manifests -- manifests/',
    'npm run upgrade-manifests -- manifests/ --yes',
    'helm template platform chart/ | npm run -s upgrade-manifests -- - > manifests.yaml',
  ],
  formats: ['text', 'markdown', 'json'],
  options: (of) => {
    of.argument('<path...>', 'files, folders, or - for what is piped in, which is written to stdout')
      .option('-y, --yes', 'write without asking')
      .option('--operator-version <version>', 'the External Secrets Operator that reads them', defaultVersion);
  },

  async run(options, context) {
    const paths = options['arguments'] as readonly string[];
    const isPiped = paths.includes('-');
    if (isPiped && paths.length > 1)
      throw new UsageError('- cannot be given together with files', 'Pipe one text in, or name files.');
    const operator = String(options['operatorVersion']);
    const check = checkAgainstV1(operator, path.join(context.program, 'schemas'));
    const [major = 0, minor = 0, patch = 0] = operator.replace(/^v/, '').split('.').map(Number);
    const { texts, problems: unread } = await readTexts(paths, { stdin: context.stdin });
    const judged = texts.map(({ file, text }) => judgeUpgrade(file, text, check, { major, minor, patch }));
    const problems = [...unread, ...judged.flatMap(upgradeProblems)];
    const plan = judged.map((upgrade) => upgradeItem(upgrade));
    if (isPiped) {
      for (const { where, message } of problems) context.note(`${where}: ${message}`);
      return { ...result(plan, problems, [], false), render: (format) => piped(judged, plan, format) };
    }

    const writable = judged.filter((_, index) => plan[index]?.state === 'planned');
    if (writable.length === 0) return result(plan, problems, [], true);
    const { ask } = context;
    const asks = options['yes'] !== true && ask !== undefined && options['output'] === 'text';
    if (asks) context.print(renderDiff(plan));
    const isConfirmed =
      options['yes'] === true || (asks && /^y(?:es)?$/i.test((await ask(question(writable.length))).trim()));
    const given = paths.map((name) => (/^[\w./-]+$/.test(name) ? name : `'${name}'`)).join(' ');
    if (!isConfirmed) {
      const again = `Next: npm run upgrade-manifests -- ${given} --yes`;
      return { ...result(plan, problems, ['Nothing was written.', again], !asks), outcome: 'findings' };
    }
    const states = await writeUpgrades(writable);
    const items = judged.map((upgrade) => upgradeItem(upgrade, states.get(upgrade)));
    const changed = items.filter(({ state }) => state === 'changed').map(changedMeanwhile);
    return result(items, [...problems, ...changed], [`Next: npm run preflight -- ${given}`], !asks);
  },
};

function question(files: number): string {
  return `Write ${files === 1 ? 'this file' : `these ${files} files`}? [y/N] `;
}

function result(
  items: readonly UpgradeItem[],
  problems: readonly Problem[],
  next: readonly string[],
  withDiff: boolean,
): CommandResult {
  return {
    outcome: problems.length === 0 ? 'clean' : 'findings',
    environments: [],
    items,
    problems,
    render: (format) =>
      format === 'markdown'
        ? renderUpgradeMarkdown(items, problems, next)
        : renderUpgrade(items, problems, next, { withDiff }),
  };
}

/** The text comes out whatever was found, so that a pipe does not lose what is not upgraded. */
function piped(judged: readonly JudgedUpgrade[], plan: readonly UpgradeItem[], format: 'text' | 'markdown'): string {
  if (format === 'markdown') return renderUpgradeMarkdown(plan, [], []);
  return judged.map(({ plan: of, refusedBecause }) => (refusedBecause === undefined ? of.after : of.before)).join('');
}

function checkAgainstV1(version: string, schemas: string): CheckObject {
  const selection = selectEsoSchemas(version);
  if (selection.kind === 'unsupported') throw new UsageError(selection.message, selection.hint);
  return createSchemaChecker([
    loadEsoSchemas(schemas, selection),
    loadSchemaSet(path.join(schemas, 'kubernetes-1.34.4')),
  ]);
}
