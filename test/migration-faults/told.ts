/** What a command says: its JSON document, and the journal. */
import assert from 'node:assert/strict';

export type ToldSecret = {
  readonly name: string;
  readonly action: string;
  readonly outcome: string;
  readonly because: string;
};

export type Told = {
  readonly outcome: string;
  /** How many. */
  readonly problems: number;
  readonly secrets: readonly ToldSecret[];
};

export function readDocument(stdout: string): Told {
  let document: { outcome: string; problems: unknown[]; items: { secrets: ToldSecret[] }[] };
  try {
    document = JSON.parse(stdout) as typeof document;
  } catch {
    assert.fail(`not one JSON document: ${stdout.slice(0, 2000)}`);
  }
  return {
    outcome: document.outcome,
    problems: document.problems.length,
    secrets: document.items.flatMap(({ secrets }) => secrets),
  };
}

/** Whether it says that the target has what the source has. */
export function isGood({ action, outcome }: ToldSecret): boolean {
  return outcome === 'written' || outcome === 'already' || (action === 'unchanged' && outcome === 'planned');
}

/** @returns each line as JSON, or as the text that is none */
export function readJournal(text: string): readonly { readonly line: unknown; readonly isLast: boolean }[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line, index) => {
    const isLast = index === lines.length - 1;
    try {
      return { line: JSON.parse(line) as unknown, isLast };
    } catch {
      return { line, isLast };
    }
  });
}
