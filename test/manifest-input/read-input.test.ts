import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readInput } from '../../src/manifest-input/read-input.ts';

const manifest = (name: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`;

describe('files, folders and stdin', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lockstep-input-'));
    await mkdir(path.join(folder, 'b', '.git'), { recursive: true });
    await writeFile(path.join(folder, 'z.yaml'), manifest('z'));
    await writeFile(path.join(folder, 'b', 'y.yml'), manifest('other'));
    await writeFile(path.join(folder, 'b', 'x.json'), '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}');
    await writeFile(path.join(folder, 'b', 'notes.txt'), 'nothing');
    await writeFile(path.join(folder, 'b', '.git', 'hidden.yaml'), manifest('hidden'));
    await writeFile(path.join(folder, 'latin1.yaml'), Buffer.from(`# caf\xe9\n`, 'latin1'));
  });
  after(async () => rm(folder, { recursive: true }));

  it('reads a folder in order, each file once, and says what it could not read', async () => {
    const { documents, problems } = await readInput([folder, path.join(folder, 'z.yaml'), path.join(folder, 'none')]);
    assert.deepEqual(
      documents.map(({ name }) => name),
      ['x', 'other', 'z'],
    );
    assert.deepEqual(
      problems.map(({ code, file, message }) => [code, path.relative(folder, file), message]),
      [
        ['M101', 'latin1.yaml', 'is not UTF-8'],
        ['M101', 'none', 'is not there'],
      ],
    );
  });

  it('reads a named file whatever it is called', async () => {
    const { problems } = await readInput([path.join(folder, 'b', 'notes.txt')]);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['M104'],
    );
  });

  it('reads stdin once, where there is one', async () => {
    let times = 0;
    const stdin = (): Promise<Uint8Array> => {
      times += 1;
      return Promise.resolve(Buffer.from(manifest('piped')));
    };
    const { documents } = await readInput(['-', '-'], { stdin });
    assert.deepEqual(
      documents.map(({ file, name }) => [file, name]),
      [['stdin', 'piped']],
    );
    assert.equal(times, 1);
    assert.deepEqual(
      (await readInput(['-'])).problems.map(({ code }) => code),
      ['M101'],
    );
  });

  it('says that a file may not be read', { skip: process.getuid?.() === 0 }, async () => {
    const file = path.join(folder, 'closed.yaml');
    await writeFile(file, manifest('closed'));
    await chmod(file, 0);
    assert.deepEqual(
      (await readInput([file])).problems.map(({ message }) => message),
      ['may not be read'],
    );
    await rm(file);
  });
});
