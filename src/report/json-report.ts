/** The one document that `--output json` prints, on errors too. docs/reference/output.md describes it. */

/** Raised when a consumer would have to change; new properties do not raise it. */
const JSON_SCHEMA_VERSION = 1;

export type JsonReport = {
  readonly command: string;
  readonly environments: readonly string[];
  /** RFC 3339. */
  readonly startedAt: string;
  readonly outcome: 'clean' | 'findings' | 'failed';
  readonly items: readonly object[];
  readonly problems: readonly object[];
};

/** @param inOneLine for a reader that waits for the document while the command goes on */
export function jsonDocument(report: JsonReport, inOneLine = false): string {
  const { command, environments, startedAt, outcome, items, problems } = report;
  const environment = environments.length === 1 ? (environments[0] ?? null) : null;
  const document = {
    schemaVersion: JSON_SCHEMA_VERSION,
    command,
    environment,
    environments,
    startedAt,
    outcome,
    items,
    problems,
  };
  return `${JSON.stringify(document, null, inOneLine ? 0 : 2)}\n`;
}
