/** What a command is given and what it gives back; command-line.ts turns the one result into text, Markdown, JSON or JUnit and an exit code. */
import type { Command } from 'commander';
import type { Problem } from '../model/problem.ts';

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
  /** Whether stdout takes colours: a terminal, and neither NO_COLOR nor TERM=dumb. */
  readonly colour: boolean;
};

export type OutputFormat = 'text' | 'markdown' | 'json' | 'junit';

export type CommandResult = {
  /** Clean: exit 0. Findings, such as a failed check: exit 1. Failed: it ended half-way, and says how far it came: exit 2. */
  readonly outcome: 'clean' | 'findings' | 'failed';
  /** The environments that it was about. */
  readonly environments: readonly string[];
  /** The items of the JSON document; their shape is the command's (docs/reference/output). */
  readonly items: readonly object[];
  readonly problems: readonly Problem[];
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
  readonly run: (options: Readonly<Record<string, unknown>>, context: CommandContext) => Promise<CommandResult>;
};
