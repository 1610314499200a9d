import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { problemPages } from '../../src/model/problem-pages.ts';
import { howToSet } from '../../src/model/variables.ts';
import { clientId, tenantId } from '../fixtures/configuration.ts';
import { checkout, Repository } from '../fixtures/repository.ts';
import type { Run } from '../fixtures/repository.ts';
import { anchorsOf, blocksOf, commandsOf, documents, filesNamedIn, linksOf, readDocument } from './documents.ts';

const { scripts } = JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const azure = { AZURE_KEYVAULT_NAME: 'kv-example', AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId };

/** A clone with its documents. */
function cloneWithDocuments(): Repository {
  const repository = new Repository();
  for (const name of ['README.md', 'docs'])
    cpSync(path.join(checkout, name), path.join(repository.root, name), { recursive: true });
  return repository;
}

describe('what npm run docs makes', () => {
  it('is current: run npm run docs', () => {
    using repository = cloneWithDocuments();
    const { status, stdout, stderr } = repository.run(['docs', '--verify']);
    assert.equal(status, 0, stdout + stderr);
  });

  it('follows the catalog: --verify names the files that do not, writes nothing, and docs mends them', () => {
    using repository = cloneWithDocuments();
    const before = repository.tree('docs');
    repository.edit('config/secrets.ts', "keyVaultName: 'headlamp-keycloak'", "keyVaultName: 'headlamp-sso'");
    const verified = repository.run(['docs', '--verify']);
    assert.equal(verified.status, 1);
    assert.match(verified.stdout, /^README\.md +✗ different\n/);
    assert.match(verified.stdout, /^docs\/guide\.md +✗ different\n/m);
    assert.match(verified.stdout, /^docs\/reference\/problems\.md +=/m);
    assert.deepEqual(repository.tree('docs'), before);
    assert.equal(repository.run(['docs']).status, 0);
    assert.match(repository.read('README.md'), /`headlamp-sso`/);
    assert.equal(repository.run(['docs', '--verify']).status, 0);
  });

  it('needs its markers, and writes nothing without one', () => {
    using repository = cloneWithDocuments();
    repository.edit('config/secrets.ts', "keyVaultName: 'headlamp-keycloak'", "keyVaultName: 'headlamp-sso'");
    repository.edit('docs/guide.md', '<!-- /table:fields -->', '');
    const before = repository.read('README.md');
    const { status, stderr } = repository.run(['docs']);
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^docs\/guide\.md does not hold <!-- table:fields --> and, after it, <!-- \/table:fields -->\n/,
    );
    assert.equal(repository.read('README.md'), before);
  });

  it('is not made from a wrong configuration', () => {
    using repository = cloneWithDocuments();
    repository.edit('config/secrets.ts', "'headlamp/keycloak'", "'/headlamp'");
    const { status, stdout } = repository.run(['docs']);
    assert.equal(status, 1);
    assert.match(stdout, / {3}C007\n/);
  });
});

describe('commands in the documents', () => {
  for (const file of ['README.md', 'docs/guide.md'])
    for (const block of blocksOf(readDocument(file)).filter(({ language }) => language === 'sh')) {
      const notRun = /^not run: (.+)$/.exec(block.comment)?.[1];
      it(`${file}, line ${block.line}`, { skip: notRun }, async () => {
        using repository = cloneWithDocuments();
        for (const { variables, words } of commandsOf(block)) {
          if (block.comment === 'runs until it is stopped') {
            await runUntilReady(repository, words, variables);
            continue;
          }
          const { status, stdout, stderr } = runNpm(repository, words, variables);
          assert.equal(status, 0, `${words.join(' ')}\n${stdout}${stderr}`);
        }
      });
    }

  it(
    'are well-formed where they are not run; JSON and YAML can be read',
    { skip: process.platform === 'win32' && 'needs sh' },
    () => {
      for (const file of documents)
        for (const { line, language, text } of blocksOf(readDocument(file))) {
          if (language === 'json') JSON.parse(text);
          if (language === 'yaml') parse(text);
          if (language !== 'sh') continue;
          const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
          assert.equal(status, 0, `${file}, line ${line}: ${stderr}`);
        }
    },
  );

  it('print what README.md shows of them', () => {
    using repository = new Repository();
    const words = (text: string): string[] => text.split('\n').map((line) => line.trim().replace(/ {2,}/g, '  '));
    const shown = blocksOf(readDocument('README.md')).filter(({ comment }) => comment.startsWith('part of the output'));
    assert.equal(shown.length, 1);
    const printed = words(repository.run(['start']).stdout);
    for (const line of shown.flatMap(({ text }) => words(text)).filter((of) => of !== '…'))
      assert.ok(printed.includes(line), line);
  });

  it('are scripts of package.json, unless the line says that they do not exist yet', () => {
    for (const file of documents)
      for (const line of readDocument(file).split('\n'))
        for (const [, script = ''] of line.matchAll(/\bnpm run ([a-z][a-z0-9-]*(?::[a-z]+)?)/g))
          assert.ok(script in scripts || line.trimStart().startsWith('> **Not yet.**'), `${file}: npm run ${script}`);
  });
});

function runNpm(repository: Repository, words: readonly string[], variables: Record<string, string>): Run {
  return repository.run(argumentsOf(words), variables);
}

/** Starts it on a free port, for another test may have the usual one; stops it when it says that it is ready. */
async function runUntilReady(
  repository: Repository,
  words: readonly string[],
  variables: Record<string, string>,
): Promise<void> {
  const args = [...argumentsOf(words), '--vault-port', '0'];
  const { child, exited } = repository.start(args, { variables, stdio: 'pipe' });
  let shown = '';
  child.stderr?.on('data', (bytes: Buffer) => (shown += bytes.toString()));
  child.stdout?.on('data', (bytes: Buffer) => {
    shown += bytes.toString();
    if (shown.includes('\nCtrl-C ')) child.kill();
  });
  assert.equal(await exited, process.platform === 'win32' ? null : 0, shown);
}

function argumentsOf(words: readonly string[]): string[] {
  const [npm, ...rest] = words;
  assert.equal(
    npm,
    'npm',
    `only npm's commands are run here; mark the block: <!-- not run: … --> (${words.join(' ')})`,
  );
  const [script, ...args] = rest[0] === 'run' ? rest.slice(1) : rest;
  assert.match(
    scripts[script ?? ''] ?? '',
    / src\/main\.js /,
    `npm run ${String(script)} is not a command of Lockstep`,
  );
  assert.ok(args.length === 0 || args[0] === '--', `options of ${words.join(' ')} would be npm's: put -- before them`);
  return [script ?? '', ...args.slice(1)];
}

describe('the two edits of the guide', () => {
  const edits = blocksOf(readDocument('docs/guide.md')).filter(({ comment }) => comment.startsWith('edit: '));

  it('move the AI platform to Key Vault, as the variable does', () => {
    assert.equal(edits.length, 2);
    using repository = new Repository();
    for (const { comment, text } of edits) {
      const lines = (sign: string): string =>
        text
          .split('\n')
          .filter((line) => line.startsWith(sign))
          .map((line) => line.slice(1))
          .join('\n');
      repository.edit(comment.slice('edit: '.length), lines('-'), lines('+'));
    }
    const edited = repository.run(['synth'], azure);
    assert.equal(edited.status, 0, edited.stdout);
    assert.match(edited.stdout, /^ +ai-platform-engineering +azure-keyvault-store +6 /m);
    using other = new Repository();
    other.run(['synth'], { ...azure, AI_PLATFORM_SECRET_STORE: 'azure-keyvault-store' });
    assert.deepEqual(repository.tree('dist'), other.tree('dist'));
  });
});

describe('references in the documents', () => {
  for (const file of documents)
    it(`${file}: links lead to files and headings that exist`, () => {
      for (const link of linksOf(readDocument(file)).filter((target) => !/^[a-z]+:/.test(target))) {
        const [to = '', anchor] = link.split('#');
        const target = to === '' ? file : path.posix.join(path.posix.dirname(file), to);
        assert.ok(existsSync(path.join(checkout, target)), `${file}: ${link}`);
        if (anchor !== undefined) assert.ok(anchorsOf(readDocument(target)).has(anchor), `${file}: ${link}`);
      }
    });

  for (const file of documents.filter((name) => name === 'CONTRIBUTING.md' || name.startsWith('docs/decisions/')))
    it(`${file}: files that it names exist`, () => {
      const names = filesNamedIn(readDocument(file)).filter(
        (name) => name.includes('/') && !/^(?:dist|\.lockstep)\//.test(name),
      );
      for (const name of names) assert.ok(existsSync(path.join(checkout, name)), `${file}: ${name}`);
    });

  it('decisions are numbered from 001 without a gap', () => {
    const numbers = documents.flatMap((file) => /^docs\/decisions\/(\d{3})-/.exec(file)?.[1] ?? []);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => String(index + 1).padStart(3, '0')),
    );
  });

  it('codes are codes that exist, and the guide tells of every variable', () => {
    for (const file of documents)
      for (const [code] of readDocument(file).matchAll(/\b[CMV]0\d\d\b/g))
        assert.ok(code in problemPages, `${file}: ${code}`);
    for (const name of Object.keys(howToSet)) assert.ok(readDocument('docs/guide.md').includes(`\`${name}\``), name);
  });
});
