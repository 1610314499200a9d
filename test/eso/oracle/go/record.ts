/** Asks Go (main.go beside this; it needs Go 1.25 or later) and records its answers for the tests: `node test/eso/oracle/go/record.ts`. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { questions } from './questions.ts';

const asked = questions(20_251_124, 4.4);
/** Of the machine; no dependency. */
const compiler = 'go';
const output = execFileSync(compiler, ['run', '.'], {
  cwd: import.meta.dirname,
  input: JSON.stringify(asked),
  maxBuffer: 64 * 1024 * 1024,
});
const answers = JSON.parse(output.toString('utf8')) as unknown[];
const lines = asked.map((question, index) => JSON.stringify([question, answers[index]]));
writeFileSync(new URL('../../go/go-answers.jsonl', import.meta.url), `${lines.join('\n')}\n`);
