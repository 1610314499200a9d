/** Tells the runner about steps: one JSON object a line. */
import { createInterface } from 'node:readline';

let count = 0;
const answers = createInterface(process.stdin)[Symbol.asyncIterator]();

function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** A step fails where `run` throws; the steps after it are run all the same. */
export async function step(name: string, run: () => void | Promise<void>): Promise<void> {
  count += 1;
  try {
    await run();
    tell({ step: name, ok: true });
  } catch (error) {
    tell({
      step: name,
      ok: false,
      error: error instanceof Error ? `${error.message}${placeOf(error)}` : String(error),
    });
  }
}

/** Where in the step itself, not in what it calls. */
function placeOf({ stack = '' }: Error): string {
  const [inStep = ''] = stack.split('steps.ts');
  const place = [...inStep.matchAll(/\/(?:javascript|curl)\/([\w.-]+:\d+):/g)].at(-1)?.[1];
  return place === undefined ? '' : ` (${place})`;
}

/** Has the runner do something to the server. */
export async function ask(question: string): Promise<void> {
  tell({ ask: question });
  const { value } = await answers.next();
  if (value !== 'ok') throw new Error(`the runner did not ${question}`);
}

export function done(): void {
  tell({ done: count });
  process.stdin.destroy();
}
