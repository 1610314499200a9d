/** config/applications.ts: what an edit of it would be, loaded from memory before it is written; written as a whole; and given back. */
import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Configuration, StoreName } from '../model/configuration.ts';
import { configurationFiles, parseConfiguration } from '../model/configuration-shape.ts';
import { OutputError, PlatformError } from '../model/problem.ts';
import { checkConfiguration } from '../model/rules/index.ts';
import { isObject } from '../model/shape.ts';
import { changesStoreAlone } from '../rollout/configuration-change.ts';
import { proposeEdits } from '../rollout/plan-edit.ts';
import { undoEdit } from '../rollout/undo-edit.ts';

/** Of the roll-out that moved an application last: texts of config/applications.ts. It holds no value of a secret. */
export type RolloutRecord = {
  readonly format: 1;
  readonly application: string;
  readonly from: StoreName;
  readonly to: StoreName;
  readonly at: string;
  readonly before: string;
  readonly after: string;
};

export type ProposedEdit = { readonly before: string; readonly after: string; readonly configuration: Configuration };

/**
 * @param holds whether what the edit leads to is what is wanted
 * @param record of the roll-out that is taken back
 * @returns undefined where the file is written in a way that no edit leads there
 */
export async function proposeEdit(
  root: string,
  configuration: Configuration,
  {
    application,
    to,
    record,
  }: { readonly application: string; readonly to: StoreName; readonly record: RolloutRecord | undefined },
  holds: (configuration: Configuration) => boolean,
): Promise<ProposedEdit | undefined> {
  const before = readFileSync(fileIn(root), 'utf8');
  const undone = record === undefined ? undefined : record.after === before ? record.before : undoEdit(before, record);
  const proposals = [
    ...(undone === undefined ? [] : [undone]),
    ...proposeEdits(before, configuration.applications, application, to),
  ];
  for (const after of proposals) {
    const edited = await loadEdited(root, configuration, after);
    if (edited !== undefined && changesStoreAlone(configuration, edited, application) && holds(edited))
      return { before, after, configuration: edited };
  }
  return undefined;
}

const unwritten = new Map<string, string>();

/** What config/ would say with this text in place of its applications; undefined where it could not be loaded, or breaks a rule. */
async function loadEdited(
  root: string,
  configuration: Configuration,
  text: string,
): Promise<Configuration | undefined> {
  if (unwritten.size === 0)
    registerHooks({
      load(url, context, next) {
        const source = unwritten.get(url);
        return source === undefined ? next(url, context) : { format: 'module-typescript', source, shortCircuit: true };
      },
    });
  // Beside the file, for what it imports from there.
  const url = `${pathToFileURL(fileIn(root)).href}?edited=${unwritten.size}`;
  unwritten.set(url, text);
  try {
    const { applications } = (await import(url)) as Record<string, unknown>;
    const parsed = parseConfiguration({ ...configuration, applications });
    const problems = [...parsed.problems, ...checkConfiguration(parsed.configuration, parsed.names)];
    return problems.length === 0 ? parsed.configuration : undefined;
  } catch {
    return undefined;
  }
}

/** @throws PlatformError where somebody has changed the file meanwhile; OutputError */
export function writeEdit(root: string, { before, after }: Pick<ProposedEdit, 'before' | 'after'>): void {
  const file = realpathSync(fileIn(root));
  if (readFileSync(file, 'utf8') !== before)
    throw new PlatformError(
      'PLAN_STALE',
      `${configurationFiles.applications} was changed by somebody else meanwhile`,
      'It is as they left it. Run this again.',
    );
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}`);
  try {
    writeFileSync(beside, after);
    chmodSync(beside, statSync(file).mode & 0o7777);
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new OutputError(
      `${file} could not be written`,
      'It is as it was. Make room, or give back the right to write.',
      error,
    );
  }
}

function fileIn(root: string): string {
  return path.join(root, configurationFiles.applications);
}

function recordFile(root: string, application: string): string {
  return path.join(root, '.lockstep', 'rollout', `${application}.json`);
}

/** @throws OutputError, and then nothing is changed */
export function writeRecord(root: string, record: RolloutRecord): void {
  const file = recordFile(root, record.application);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify(record, undefined, 2)}\n`);
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new OutputError(`${file} could not be written`, 'Make room, or give back the right to write.', error);
  }
}

/** One that cannot be read says nothing. */
export function readRecord(root: string, application: string): RolloutRecord | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(recordFile(root, application), 'utf8'));
    return isObject(record) && record['format'] === 1 ? (record as RolloutRecord) : undefined;
  } catch {
    return undefined;
  }
}
