import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { replaceFile } from '../../src/upgrade/replace-file.ts';

describe('replacing a file', { skip: process.platform === 'win32' && 'modes and links are others there' }, () => {
  let folder = '';
  let file = '';
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lockstep-replace-'));
    file = path.join(folder, 'a.yaml');
  });
  beforeEach(() => {
    writeFileSync(file, 'old\r\n');
    chmodSync(file, 0o640);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('keeps its mode, and leaves nothing beside it', async () => {
    chmodSync(file, 0o666);
    assert.equal(await replaceFile(file, 'old\r\n', 'new\r\n'), 'written');
    assert.equal(readFileSync(file, 'utf8'), 'new\r\n');
    assert.equal(statSync(file).mode & 0o777, 0o666);
    assert.deepEqual(readdirSync(folder), ['a.yaml']);
  });

  it('leaves a file that was changed meanwhile', async () => {
    assert.equal(await replaceFile(file, 'older\n', 'new\n'), 'changed');
    assert.equal(readFileSync(file, 'utf8'), 'old\r\n');
  });

  it('writes where a symbolic link leads', async () => {
    const link = path.join(folder, 'link.yaml');
    symlinkSync('a.yaml', link);
    assert.equal(await replaceFile(link, 'old\r\n', 'new\n'), 'written');
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.equal(readFileSync(file, 'utf8'), 'new\n');
    rmSync(link);
  });

  it('leaves the old text where the folder takes no file', { skip: process.getuid?.() === 0 }, async () => {
    const closed = path.join(folder, 'closed');
    mkdirSync(closed);
    const inside = path.join(closed, 'a.yaml');
    writeFileSync(inside, 'old');
    chmodSync(closed, 0o500);
    await assert.rejects(replaceFile(inside, 'old', 'new'));
    assert.equal(readFileSync(inside, 'utf8'), 'old');
    chmodSync(closed, 0o700);
  });
});
