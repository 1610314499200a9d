import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { problemPages } from '../../src/model/problem-pages.ts';
import { checkout, Repository } from '../fixtures/repository.ts';

const commands = [
  'start',
  'synth',
  'check',
  'preflight',
  'upgrade-manifests',
  'adopt',
  'dev',
  'bootstrap-vault',
  'migrate-secrets-to-azure',
  'migrate-secrets-to-vault',
  'verify-secrets',
  'list-secrets',
  'set-secrets',
  'rollout',
  'schemas',
  'docs',
];

/** npm puts the project's Node before the one that is installed. */
function withoutOwnNode(): string {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(path.delimiter);
}

describe('the command line', () => {
  it('lists its commands', () => {
    using repository = new Repository();
    const { status, stdout } = repository.run(['--help']);
    assert.equal(status, 0);
    for (const command of commands) assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
  });

  for (const command of commands)
    it(`${command} --help shows three examples`, () => {
      using repository = new Repository();
      const { status, stdout } = repository.run([command, '--help']);
      assert.equal(status, 0);
      assert.equal(stdout.split('\nExamples:\n')[1]?.trimEnd().split('\n').length, 3);
    });

  const mistakes: Record<string, [args: string[], says: RegExp]> = {
    'a mistyped command': [
      ['snyth'],
      /^there is no command "snyth"\n {2}Did you mean synth\? There are start, synth, /,
    ],
    'a mistyped option': [
      ['synth', '--enviroment', 'dev'],
      /unknown option '--enviroment'\n\(Did you mean --environment\?\)/,
    ],
    'an unknown environment': [
      ['synth', '--environment', 'prod'],
      /there is no environment "prod"\n {2}There are dev, staging, production\./,
    ],
    'a mistyped environment': [['check', '--environment', 'producton'], /Did you mean production\?/],
    'an unknown application': [
      ['synth', '--application', 'backstag'],
      /there is no application "backstag"\n {2}Did you mean backstage\?/,
    ],
    'an unknown format': [
      ['synth', '--output', 'xml'],
      /"xml" is not an output format\n {2}Use one of text, markdown, json\./,
    ],
    'an argument too many': [['synth', 'dev'], /too many arguments/],
    'an unknown code': [['--explain', 'C999'], /there is no code "C999"/],
    'two ways to say which environment': [['synth', '--all', '--environment', 'dev'], /exclude each other/],
  };
  for (const [name, [args, says]] of Object.entries(mistakes))
    it(`${name}: exit 2, on stderr, and nothing is written`, () => {
      using repository = new Repository();
      const { status, stdout, stderr } = repository.run(args);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, says);
      assert.deepEqual(repository.tree('dist'), {});
    });

  it('finds the repository from a folder inside it, and says so where there is none', () => {
    using repository = new Repository();
    assert.equal(repository.run(['synth'], {}, 'config').status, 0);
    assert.ok(repository.has('dist/dev'));
    rmSync(path.join(repository.root, 'config'), { recursive: true });
    const { status, stderr } = repository.run(['synth']);
    assert.equal(status, 2);
    assert.match(stderr, /^there is no config\/applications\.ts here or in a folder above\n/);
  });

  it('is quiet when its reader stops reading', { skip: process.platform === 'win32' && 'needs a POSIX shell' }, () => {
    using repository = new Repository();
    const { stdout, stderr } = spawnSync(
      'bash',
      ['-c', `(${repository.commandLine(['schemas', '--help'])}; echo "status $?" >&2) | true`],
      {
        cwd: repository.root,
        encoding: 'utf8',
      },
    );
    assert.equal(stdout, '');
    assert.equal(stderr, 'status 0\n');
  });

  const { stdout: installed } = spawnSync('node', ['--version'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: withoutOwnNode() },
  });
  const old = Number(/^v(\d+)/.exec(installed)?.[1] ?? 24) < 24;
  it('says which Node it needs', { skip: !old && 'no older Node is installed here' }, () => {
    const { status, stderr } = spawnSync('node', [path.join(checkout, 'src', 'main.js'), 'synth'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: withoutOwnNode() },
    });
    assert.equal(status, 2);
    assert.match(stderr, /^Lockstep runs on Node 24; this is \d+\.\d+\.\d+\n {2}npm ci brings Node along/);
  });

  it('prints one JSON document, on errors too', () => {
    using repository = new Repository();
    const clean = repository.run(['synth', '--output', 'json']);
    assert.partialDeepStrictEqual(JSON.parse(clean.stdout), {
      schemaVersion: 1,
      command: 'synth',
      environment: 'dev',
      outcome: 'clean',
      problems: [],
    });
    const usage = repository.run(['synth', '--environment', 'prod', '--output=json']);
    assert.equal(usage.status, 2);
    assert.equal(usage.stderr, '');
    assert.partialDeepStrictEqual(JSON.parse(usage.stdout), { outcome: 'failed', problems: [{ code: 'USAGE' }] });
    const findings = repository.run(['check', '--output', 'json'], { AZURE_CLIENT_ID: '' });
    assert.equal(findings.status, 1);
    assert.partialDeepStrictEqual(JSON.parse(findings.stdout), {
      outcome: 'findings',
      problems: [{ code: 'C018', where: 'AZURE_CLIENT_ID' }],
    });
  });

  it('explains every code', () => {
    using repository = new Repository();
    for (const code of Object.keys(problemPages).slice(0, 2)) {
      const { status, stdout } = repository.run(['check', '--explain', code.toLowerCase()]);
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`^${code}: .*\n\nWhy it matters: .*\nWhat to do: `));
    }
  });
});

describe('npm run check', () => {
  it('finds a sound configuration clean, and writes nothing', () => {
    using repository = new Repository();
    const { status, stdout } = repository.run(['check']);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^✓ ok: dev: the configuration and \d+ manifests\nNext: npm run synth\n$/);
    assert.deepEqual(repository.tree('dist'), {});
  });

  it('reports every problem in one run, with file, place and a way out', () => {
    using repository = new Repository();
    repository.edit('config/secrets.ts', "keyVaultName: 'nextjs-application'", "keyVaultName: 'nextjs/application'");
    repository.edit(
      'config/secrets.ts',
      "application: 'headlamp',\n    vaultPath: 'headlamp/keycloak'",
      "application: 'headlmp',\n    vaultPath: 'headlamp/keycloak'",
    );
    repository.edit('config/environments.ts', "refreshInterval: '1h0m0s'", "refreshInterval: '60m'");
    const { status, stdout } = repository.run(['check']);
    assert.equal(status, 1);
    assert.deepEqual(
      [...stdout.matchAll(/^(config\/\S+): (\S+) .* {3}(C\d+)\n {2}\S/gm)].map(([, file, place, code]) => [
        file,
        place,
        code,
      ]),
      [
        ['config/secrets.ts', 'secrets.headlamp.application', 'C008'],
        ['config/secrets.ts', 'secrets.nextjs.keyVaultName', 'C006'],
        ['config/environments.ts', 'environments.dev.externalSecrets.refreshInterval', 'C023'],
        ['config/environments.ts', 'environments.staging.externalSecrets.refreshInterval', 'C023'],
        ['config/environments.ts', 'environments.production.externalSecrets.refreshInterval', 'C023'],
      ],
    );
  });

  it('names the file and line of a syntax error', () => {
    using repository = new Repository();
    repository.edit('config/secrets.ts', 'export const secrets = ', 'export const secrets = = ');
    const { status, stdout } = repository.run(['check']);
    assert.equal(status, 1);
    assert.match(stdout, /^config\/secrets\.ts: .*could not be loaded: .* {3}C024\n/);
    assert.equal(stdout.match(/ {3}C024\n/g)?.length, 1, stdout);
  });

  it('writes JUnit', () => {
    using repository = new Repository();
    assert.match(
      repository.run(['check', '--output', 'junit']).stdout,
      /<testsuite name="lockstep check" tests="1" failures="0">/,
    );
    const { stdout } = repository.run(['check', '--output', 'junit'], { INGRESS_HOST: 'https://x' });
    assert.match(
      stdout,
      /failures="1">\n {2}<testcase [^>]*name="C019 INGRESS_HOST">\n {4}<failure type="C019" message="&quot;https:\/\/x&quot; is not a host name/,
    );
  });
});
