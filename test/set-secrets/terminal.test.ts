import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { checkout } from '../fixtures/repository.ts';
import { noTerminal, PseudoTerminal } from './pseudo-terminal.ts';

const canary = 'kJ4-canary-7Qz';

/** A program on a terminal that has `terminal` (src/commands/terminal.ts) and tells what it was given in hexadecimal. */
function program(body: string, variables: Readonly<Record<string, string>> = {}): PseudoTerminal {
  const script = `
    import { createTerminal } from ${JSON.stringify(path.join(checkout, 'src/commands/terminal.ts'))};
    const terminal = createTerminal(process.env);
    const tell = (text) => process.stderr.write('got <' + Buffer.from(text).toString('hex') + '>\\n');
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    try { ${body} } catch (error) { process.stderr.write(error.code + '\\n'); process.exitCode = 2; }`;
  const options = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script];
  return new PseudoTerminal([process.execPath, ...options], { folder: checkout, variables });
}

const asks = "tell(await terminal.askHidden('one: ')); tell(await terminal.askHidden('two: '));";
const got = (text: string): string => `got <${Buffer.from(text).toString('hex')}>`;
const bracketed = (text: string): string => `\u001b[200~${text}\u001b[201~`;

describe('a hidden question', { skip: noTerminal }, () => {
  it('shows nothing of what is typed, and takes it with its corrections', async () => {
    await using terminal = program(asks);
    await terminal.sees('one: ');
    for (const key of [...Array.from(`${canary}é😀x`), '\u007f', '\u007f', 'ß', '\u001b[D', '\u001b[A', '\r'])
      terminal.types(key);
    await terminal.sees(got(`${canary}éß`));
    await terminal.answers('two: ', `wrong\u0015${canary}`);
    await terminal.sees(got(canary));
    assert.equal(await terminal.exited(), 0);
    assert.ok(!terminal.shown.includes('kJ4') && !terminal.shown.includes('wrong'), terminal.shown);
  });

  it('puts a character together that comes in two parts', async () => {
    await using terminal = program(asks);
    await terminal.sees('one: ');
    const bytes = Buffer.from('aé');
    terminal.types(bytes.subarray(0, 2));
    await new Promise((resolve) => setTimeout(resolve, 50));
    terminal.types(Buffer.concat([bytes.subarray(2), Buffer.from('\r')]));
    await terminal.sees(got('aé'));
  });

  it('takes a paste of several lines whole, where the terminal marks it', async () => {
    await using terminal = program(asks);
    const lines = [
      '-----BEGIN EXAMPLE-----',
      ...Array.from({ length: 300 }, () => `${canary}${'A'.repeat(50)}`),
      '-----END EXAMPLE-----',
      '',
    ];
    await terminal.sees('one: ');
    terminal.types(bracketed(lines.join('\r')));
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(!terminal.shown.includes('got'), 'a line break in a paste is no Enter');
    terminal.types('\r');
    await terminal.sees(got(lines.join('\n')));
    await terminal.sees('two: ');
    terminal.types(`${bracketed(`${canary}\r`)}\r`);
    await terminal.sees(got(canary));
    assert.equal(await terminal.exited(), 0);
    assert.ok(!terminal.shown.includes('kJ4'));
  });

  it('takes nothing of several lines that are not marked, and asks again', async () => {
    await using terminal = program(asks);
    await terminal.sees('one: ');
    const lines = Array.from({ length: 300 }, () => `${canary}${'A'.repeat(50)}`).join('\r');
    terminal.types(`${lines}\r`);
    await terminal.sees('Several lines came at once');
    await terminal.sees('--from-file');
    await terminal.answers('one: ', 'typed');
    await terminal.sees(got('typed'));
    await terminal.answers('two: ', 'typed too');
    await terminal.sees(got('typed too'));
    assert.equal(await terminal.exited(), 0);
    assert.ok(!terminal.shown.includes('kJ4'));
  });

  it('does so too where the lines come one after the other, as over a slow connection', async () => {
    await using terminal = program(asks);
    await terminal.sees('one: ');
    for (let count = 0; count < 8; count++) {
      terminal.types(`${canary}\r`);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    await terminal.sees('Several lines came at once');
    await terminal.answers('one: ', 'typed');
    await terminal.sees(got('typed'));
    await terminal.sees('two: ');
    assert.ok(!terminal.shown.includes('kJ4'));
  });

  it('takes nothing that was typed before it was there', async () => {
    await using terminal = program(`process.stderr.write('working\\n'); await pause(400); ${asks}`);
    await terminal.sees('working');
    terminal.types('early\rtoo ');
    await terminal.answers('one: ', canary);
    await terminal.sees(got(canary));
    await terminal.sees('two: ');
  });

  it('ends at Ctrl-C, and at Ctrl-D where nothing is typed', async () => {
    for (const keys of [`${canary}\u0003`, '\u0004', '\u001c']) {
      await using terminal = program(asks);
      await terminal.sees('one: ');
      terminal.types(keys);
      await terminal.sees('STOPPED');
      assert.equal(await terminal.exited(), 2);
      assert.ok(!terminal.shown.includes('kJ4'));
    }
  });

  it('refuses what is not UTF-8', async () => {
    await using terminal = program(asks);
    await terminal.sees('one: ');
    terminal.types(Buffer.from([0x61, 0xe9, 0x62, 0x0d]));
    await terminal.sees('That was not UTF-8');
    await terminal.answers('one: ', 'ab');
    await terminal.sees(got('ab'));
  });

  it('sends no sequences to a dumb terminal', async () => {
    await using terminal = program(asks, { TERM: 'dumb' });
    await terminal.answers('one: ', 'a');
    await terminal.answers('two: ', 'b');
    await terminal.sees(got('b'));
    await terminal.exited();
    assert.ok(!terminal.shown.includes('\u001b'));
  });

  it('leaves the terminal as it was, with its echo', async () => {
    await using terminal = program(`${asks} tell(await terminal.ask('three: '));`);
    await terminal.answers('one: ', 'a');
    await terminal.answers('two: ', 'b');
    await terminal.answers('three: ', 'seen');
    await terminal.sees('seen');
    await terminal.sees(got('seen'));
    assert.equal(await terminal.exited(), 0);
  });
});

describe('a question', { skip: noTerminal }, () => {
  it('ends at Ctrl-C, and Ctrl-D is an empty answer', async () => {
    await using terminal = program("tell(await terminal.ask('one: ')); tell(await terminal.ask('two: '));");
    await terminal.sees('one: ');
    terminal.types('\u0004');
    await terminal.sees(got(''));
    await terminal.sees('two: ');
    terminal.types('\u0003');
    await terminal.sees('STOPPED');
    assert.equal(await terminal.exited(), 2);
  });
});

describe('the live line', { skip: noTerminal }, () => {
  const works = `
    for (let count = 0; count < 40; count++) { terminal.progress(() => 'done ' + count + ' ' + 'x'.repeat(200)); await pause(25); }
    terminal.note('a note'); terminal.progress(() => 'more'); terminal.progress(undefined); process.stderr.write('end\\n');`;

  it('comes after half a second, in one line that is drawn anew, and goes', async () => {
    await using terminal = program(works);
    await terminal.sees('end');
    assert.equal(await terminal.exited(), 0);
    const drawn = [...terminal.shown.matchAll(/done (\d+)[^\r]*/g)];
    assert.ok(Number(drawn[0]?.[1]) >= 12, 'not before half a second');
    assert.ok(drawn.length >= 3 && drawn.length <= 12, `${drawn.length} drawings`);
    for (const [line] of drawn) assert.ok(line.length < 100, 'it does not wrap');
    const screen = terminal.shown.split('\r\n').map((line) => line.split('\r\u001b[2K').at(-1));
    assert.deepEqual(screen, ['a note', 'end', '']);
  });

  it('is not redrawn where that would be read aloud, or be seen', async () => {
    for (const variables of [{ ACCESSIBLE: '1' }, { TERM: 'dumb' }]) {
      await using terminal = program(works, variables);
      await terminal.sees('end');
      assert.ok(!terminal.shown.includes('\u001b') && !terminal.shown.includes('done'), terminal.shown);
    }
  });
});
