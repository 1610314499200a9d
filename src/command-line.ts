/** Reads the process's arguments and environment, finds the command, and turns its result or error into output and an exit code. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import type { CommandContext, CommandDefinition, CommandResult, OutputFormat } from './commands/command.ts';
import { commands } from './commands/index.ts';
import { createTerminal } from './commands/terminal.ts';
import { unknownName } from './commands/unknown-name.ts';
import { explainProblem } from './model/problem-pages.ts';
import { InternalError, PlatformError, UsageError } from './model/problem.ts';
import { jsonDocument } from './report/json-report.ts';
import { renderJunit } from './report/junit-report.ts';
import { renderJunitCases } from './report/preflight-junit.ts';
import { renderSarif } from './report/sarif-report.ts';

const program = path.dirname(import.meta.dirname);
const startedAt = new Date().toISOString();
const argv = process.argv.slice(2);

/** @returns the exit code: 0 clean, 1 findings, 2 could not finish, 70 our bug */
export async function runProcess(): Promise<number> {
  // Whoever reads may stop reading (| head): the rest is not wanted then.
  process.stdout.on('error', (error: Error & { code?: string }) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const chosen = argv[0]?.startsWith('-') === false ? argv[0] : undefined;
  try {
    const entry = chosen === undefined ? undefined : commands.get(chosen);
    if (chosen !== undefined && entry === undefined) throw unknownName('command', chosen, [...commands.keys()]);
    const definition = await entry?.load();
    return await runCommandLine(chosen, definition);
  } catch (error) {
    return fail(chosen, error);
  }
}

async function runCommandLine(chosen: string | undefined, definition: CommandDefinition | undefined): Promise<number> {
  let exitCode = 0;
  const cli = new Command('lockstep')
    .description(
      'Secrets in lockstep: one typed catalog, from which manifests, migrations, policies and checks follow.',
    )
    .option('--explain <code>', 'explain the code of a finding, such as C012')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError(true)
    .action(({ explain }: { explain?: string }) => {
      if (explain === undefined) cli.outputHelp();
      else explainCode(explain);
    });
  for (const [name, { summary }] of commands) {
    const command = cli
      .command(name)
      .description(summary)
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    if (name !== chosen || definition === undefined) continue;
    definition.options(command);
    command
      .option('-o, --output <format>', definition.formats.join(', '), 'text')
      .option('--explain <code>', 'explain the code of a finding')
      .addHelpText('after', `\nExamples:\n${definition.examples.map((example) => `  ${example}\n`).join('')}`)
      .allowExcessArguments(false)
      .action(async () => {
        exitCode = await runCommand(name, definition, { ...command.opts(), arguments: command.args });
      });
  }
  await cli.parseAsync(argv, { from: 'user' });
  return exitCode;
}

async function runCommand(
  name: string,
  definition: CommandDefinition,
  options: Record<string, unknown>,
): Promise<number> {
  if (typeof options['explain'] === 'string') {
    explainCode(options['explain']);
    return 0;
  }
  const format = definition.formats.find((known) => known === options['output']);
  if (format === undefined)
    throw new UsageError(
      `"${String(options['output'])}" is not an output format`,
      `Use one of ${definition.formats.join(', ')}.`,
    );
  const result = await definition.run(options, context());
  process.stdout.write(render(name, result, format));
  await result.goesOn?.();
  return exitCodes[result.outcome];
}

const exitCodes = { clean: 0, findings: 1, failed: 2 } as const;

function explainCode(code: string): void {
  const page = explainProblem(code);
  if (page === undefined) throw new UsageError(`there is no code "${code}"`, 'docs/reference/problems.md lists them.');
  process.stdout.write(page);
}

function context(): CommandContext {
  return {
    root: repository(process.cwd()),
    program,
    environment: process.env,
    ...createTerminal(process.env),
    print: (text) => process.stdout.write(text),
    stdin: async () => (await import('node:stream/consumers')).buffer(process.stdin),
    colour: process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb',
  };
}

/** The nearest folder, from here upwards, that holds a configuration. */
function repository(from: string): string {
  if (existsSync(path.join(from, 'config', 'applications.ts'))) return from;
  const parent = path.dirname(from);
  if (parent !== from) return repository(parent);
  throw new UsageError(
    'there is no config/applications.ts here or in a folder above',
    'Run this in your platform repository.',
  );
}

function render(command: string, result: CommandResult, format: OutputFormat): string {
  const { problems, environments, items, outcome } = result;
  switch (format) {
    case 'json':
      return jsonDocument({ command, environments, startedAt, outcome, items, problems }, result.goesOn !== undefined);
    case 'junit':
      return result.cases === undefined ? renderJunit(command, problems) : renderJunitCases(command, result.cases);
    case 'sarif':
      return renderSarif(problems, result.warnings ?? []);
    default:
      return result.render(format);
  }
}

/** One line of what and one of what to do; on request as the one JSON document. */
function fail(command: string | undefined, error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const known =
    error instanceof PlatformError
      ? error
      : error instanceof CommanderError
        ? new UsageError(
            error.message.replace(/^error: /, ''),
            `npm run ${command ?? '<command>'} -- --help shows what there is.`,
          )
        : new InternalError(error);
  if (known instanceof InternalError && error instanceof Error) process.stderr.write(`${stackWithoutMessage(error)}\n`);
  if (/(?:-o|--output)[ =]json(?: |$)/.test(argv.join(' '))) {
    const problems = [{ code: known.code, where: '', path: '', message: known.message, hint: known.hint }];
    process.stdout.write(
      jsonDocument({ command: command ?? '', environments: [], startedAt, outcome: 'failed', items: [], problems }),
    );
  } else process.stderr.write(`${known.message}\n  ${known.hint}\n`);
  return known instanceof InternalError ? 70 : 2;
}

/** A message may quote what it could not handle; where it happened is enough. */
function stackWithoutMessage(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
