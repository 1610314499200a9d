import type { problemPages } from './problem-pages.ts';

/** What is wrong with the configuration, told so that a person can mend it: where, what, why it matters, and a way out. */
export type Problem = {
  /** Permanent: it never changes its meaning. `--explain CODE` prints its page. */
  readonly code: ProblemCode;
  /** The file to open, relative to the repository; or the environment variable's name. */
  readonly where: string;
  /** The place inside it, such as `secrets.github.targets[0].name`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
};

export type ProblemCode = keyof typeof problemPages;

/** The base of every error that leaves a job. command-line.ts alone maps it to an exit code. */
export class PlatformError extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
  }
}

/** The command line was wrong. Exit code 2. */
export class UsageError extends PlatformError {
  constructor(message: string, hint: string) {
    super('USAGE', message, hint);
  }
}

/** The output could not be written; the previous output is whole. Exit code 2. */
export class OutputError extends PlatformError {
  constructor(message: string, hint: string, cause?: unknown) {
    super('OUTPUT', message, hint, cause);
  }
}

/** Something that must not happen: our bug. Exit code 70. */
export class InternalError extends PlatformError {
  constructor(cause: unknown) {
    super(
      'INTERNAL',
      `a bug in Lockstep (${cause instanceof Error ? cause.name : typeof cause})`,
      'Please report it, with the lines above.',
      cause,
    );
  }
}
