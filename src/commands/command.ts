/** What a command is given and what it gives back; command-line.ts turns the one result into text, Markdown, JSON, JUnit or SARIF and an exit code. */
import type { Command } from 'commander';
import type { Problem } from '../model/problem.ts';
import type { CheckedCase } from '../report/preflight-junit.ts';

export type CommandContext = {
  /** The repository: the folder that holds config/. */
  readonly root: string;
  /** The folder that holds src/ and schemas/. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Progress and notes: a line each, on stderr. */
  readonly note: (line: string) => void;
  /** On stdout, before the result: for a command that stays and reports more than once. */
  readonly print: (text: string) => void;
  /** Asks a person, on stderr. Undefined where there is none: a pipe, CI. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** The same, and what is typed is not shown. For secret values, which nothing else may hold. */
  readonly askHidden: ((question: string) => Promise<string>) | undefined;
  /**
   * How far it is, on stderr: on a terminal one line that is drawn anew, elsewhere a line now and then. Called as often as anything changes.
   * @param line undefined: it is over, and the line goes
   */
  readonly progress: (line: (() => string) | undefined) => void;
  /** All that is piped in, for an argument `-`. */
  readonly stdin: () => Promise<Uint8Array>;
  /** Whether stdout takes colours: a terminal, and neither NO_COLOR nor TERM=dumb. */
  readonly colour: boolean;
};

export type OutputFormat = 'text' | 'markdown' | 'json' | 'junit' | 'sarif';

export type CommandResult = {
  /** Clean: exit 0. Findings, such as a failed check: exit 1. Failed: it ended half-way, and says how far it came: exit 2. */
  readonly outcome: 'clean' | 'findings' | 'failed';
  /** The environments that it was about. */
  readonly environments: readonly string[];
  /** The items of the JSON document; their shape is the command's (docs/reference/output). */
  readonly items: readonly object[];
  readonly problems: readonly Problem[];
  /** What a person should look at and is not wrong for certain: in SARIF it is a warning. */
  readonly warnings?: readonly Problem[];
  /** For JUnit, what was checked, in place of one case for each problem. */
  readonly cases?: readonly CheckedCase[];
  readonly render: (format: 'text' | 'markdown') => string;
  /** Where the command is not over when its result is there: awaited after that is shown. Its JSON document is then one line. */
  readonly goesOn?: () => Promise<void>;
};

export type CommandDefinition = {
  /** Real ones: each is run by a test. */
  readonly examples: readonly string[];
  readonly formats: readonly OutputFormat[];
  /** Adds options to `command`; the action is added by main. */
  readonly options: (command: Command) => void;
  /** Arguments, where `options` adds any, are the options' `arguments`. */
  readonly run: (options: Readonly<Record<string, unknown>>, context: CommandContext) => Promise<CommandResult>;
};
