/** `synth --watch`, driven as a person drives it: a process that stays, and files that are edited. */
import assert from 'node:assert/strict';
import { cpSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { writeGeneratedConfiguration } from '../../bench/generated-configuration.ts';
import { Repository } from '../fixtures/repository.ts';

const DEADLINE_MS = 30_000;

type Watch = {
  /** What it printed since the last time, up to the first place that `wanted` matches; fails after half a minute. */
  readonly until: (wanted: RegExp) => Promise<string>;
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
};

async function watching(repository: Repository, work: (watch: Watch) => Promise<void>): Promise<void> {
  const { child, exited } = repository.start(['synth', '--watch'], { stdio: 'pipe' });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (printed += data.toString()));
  try {
    await work({
      until: async (wanted) => {
        const end = performance.now() + DEADLINE_MS;
        for (;;) {
          await delay(5);
          const found = wanted.exec(printed);
          if (found !== null) {
            const text = printed.slice(0, found.index + found[0].length);
            printed = printed.slice(text.length);
            return text;
          }
          if (performance.now() > end) throw new Error(`${String(wanted)} was not printed, but: ${printed}`);
        }
      },
      end: (signal) => {
        child.kill(signal);
        return exited;
      },
    });
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

/** What a new process writes from the same configuration. */
function freshTree(repository: Repository): Record<string, string> {
  using fresh = new Repository();
  cpSync(path.join(repository.root, 'config'), path.join(fresh.root, 'config'), { recursive: true });
  assert.equal(fresh.run(['synth']).status, 0);
  return fresh.tree('dist');
}

const STARTED = /Watching config\/\. Ctrl-C ends this\.\n/;
const VAULT = "{ name: 'vault', namespace: 'vault', chart: { type: 'VaultChart' } },";

describe('npm run synth -- --watch', () => {
  it('writes what changes, tells what is wrong and goes on, and ends with Ctrl-C', async () => {
    using repository = new Repository();
    await watching(repository, async ({ until, end }) => {
      assert.match(
        await until(STARTED),
        /^[^]*dist\/dev: 6 applications, 14 ExternalSecrets; 6 written, 0 unchanged\n/,
      );

      repository.edit('config/applications.ts', "namespace: 'backstage'", "namespace: 'portal'");
      assert.match(await until(/✓.*\n/), /^✓ 1 application changed \(\d+ ms\)\n$/);
      assert.match(repository.read('dist/dev/backstage.yaml'), /namespace: portal\n/);
      assert.deepEqual(repository.tree('dist'), freshTree(repository));

      const before = repository.tree('dist');
      repository.edit('config/applications.ts', "namespace: 'portal'", "namespace: 'Portal'");
      assert.match(
        await until(/still watched\.\n/),
        /applications\[4\]\.namespace "Portal" is not a DNS-1123 label.* {3}C004\n/,
      );
      assert.deepEqual(repository.tree('dist'), before);

      repository.edit('config/applications.ts', "namespace: 'Portal'", "namespace: 'portal2'");
      assert.match(await until(/✓.*\n/), /^✓ 1 application changed /);
      assert.deepEqual(repository.tree('dist'), freshTree(repository));

      repository.write('dist/dev/nextjs.yaml', 'a: 1\n');
      repository.edit('config/applications.ts', VAULT, '');
      assert.match(await until(/✓.*\n/), /^✓ 1 application changed, 1 application removed /);
      assert.deepEqual(repository.tree('dist'), freshTree(repository));
      assert.equal(await end('SIGINT'), 0);
      assert.deepEqual(repository.tree('dist'), freshTree(repository));
    });
  });

  it('sees files that are replaced, broken, mended, new and removed, and what imports them', async () => {
    using repository = new Repository();
    await watching(repository, async ({ until, end }) => {
      await until(STARTED);
      // As many editors save: a new file in the place of the old.
      const replace = (file: string, text: string): void => {
        repository.write(`${file}~`, text);
        renameSync(path.join(repository.root, `${file}~`), path.join(repository.root, file));
      };
      const applications = repository.read('config/applications.ts');
      replace('config/applications.ts', applications.replace("namespace: 'nextjs'", "namespace: 'web'"));
      await until(/✓ 1 application changed/);

      replace('config/applications.ts', `import { none } from './chosen';\n${applications}`);
      assert.match(await until(/still watched\.\n/), /could not be loaded: .*chosen.* {3}C024\n/);
      repository.write('config/chosen.ts', "export const none = 'web';\n");
      await until(/✓ 1 application changed/);

      const imported = applications.replace("namespace: 'nextjs'", 'namespace: none');
      replace('config/applications.ts', `import { none } from './chosen';\n${imported}`);
      await until(/✓ 1 application changed/);
      assert.match(repository.read('dist/dev/nextjs.yaml'), /namespace: web\n/);
      repository.write('config/chosen.ts', "export const none = 'site';\n");
      await until(/✓ 1 application changed/);
      assert.match(repository.read('dist/dev/nextjs.yaml'), /namespace: site\n/);

      repository.write('config/applications.ts', 'export const applications = [');
      assert.match(await until(/still watched\.\n/), /config\/applications\.ts: .* {3}C024\n/);
      replace('config/applications.ts', applications);
      await until(/✓ 1 application changed/);
      rmSync(path.join(repository.root, 'config', 'chosen.ts'));
      await until(/✓ nothing changed/);
      assert.deepEqual(repository.tree('dist'), freshTree(repository));
      assert.equal(await end('SIGTERM'), 0);
    });
  });

  it('leaves the output to others between its runs', async () => {
    using repository = new Repository();
    await watching(repository, async ({ until }) => {
      await until(STARTED);
      assert.equal(repository.run(['synth']).status, 0);
      // As if another run were writing: this process lives.
      repository.write('dist/.lockstep-dev.lock', String(process.pid));
      repository.edit('config/secrets.ts', "'nextjs/application'", "'nextjs/settings'");
      await until(/another synth is writing this environment \(process \d+\)\n {2}Wait for it to end\. If none is/);
      assert.doesNotMatch(repository.read('dist/dev/nextjs/manifests/externalsecret-nextjs-secrets.yaml'), /settings/);
      rmSync(path.join(repository.root, 'dist', '.lockstep-dev.lock'));
      await until(/✓ 1 application changed/);
      assert.deepEqual(repository.tree('dist'), freshTree(repository));
    });
  });

  it('writes a large platform on one thread, whichever run it is', async () => {
    using repository = new Repository();
    const change = (changed: string): void => {
      writeGeneratedConfiguration(repository.root, 220, 2, changed);
    };
    change('');
    await watching(repository, async ({ until }) => {
      await until(STARTED);
      for (const changed of ['-one', '-two']) {
        change(changed);
        await until(/✓ 1 application changed/);
        assert.deepEqual(repository.tree('dist'), freshTree(repository));
      }
      rmSync(path.join(repository.root, 'dist'), { recursive: true });
      change('-three');
      await until(/✓ 220 applications changed/);
      assert.deepEqual(repository.tree('dist'), freshTree(repository));
      assert.match(repository.run(['synth']).stdout, /; 0 written, 220 unchanged\n/);
    });
  });

  it('writes, after any edits, what a new process writes', async () => {
    using repository = new Repository();
    const file = 'config/applications.ts';
    const secrets = 'config/secrets.ts';
    const text = { [file]: repository.read(file), [secrets]: repository.read(secrets) };
    const edit = fc.record({
      namespace: fc.constantFrom('nextjs', 'web', 'vault'),
      store: fc.constantFrom('azure-keyvault-store', 'vault-secret-store'),
      path: fc.constantFrom('nextjs/application', 'nextjs/settings'),
      isFirst: fc.boolean(),
    });
    await watching(repository, async ({ until }) => {
      await until(STARTED);
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
          for (const { namespace, store, path: vaultPath, isFirst } of edits) {
            const applications = text[file]
              .replace("namespace: 'nextjs'", `namespace: '${namespace}'`)
              .replace("secretStore: 'azure-keyvault-store'", `secretStore: '${store}'`);
            const moved = isFirst ? applications : applications.replace(VAULT, '').replace(']);', `  ${VAULT}\n]);`);
            // The comment makes each edit one that is seen; the text of the catalog is the second of two files saved.
            repository.write(file, `${moved}// ${++round}\n`);
            repository.write(
              secrets,
              `${text[secrets].replace("'nextjs/application'", `'${vaultPath}'`)}// ${round}\n`,
            );
          }
          await settled(round);
          assert.deepEqual(repository.tree('dist'), freshTree(repository));
        }),
        { numRuns: 6, interruptAfterTimeLimit: 60_000 },
      );

      /** One file more that says the number, so that it is known when the last edit arrived. */
      async function settled(number: number): Promise<void> {
        const environments = repository.read('config/environments.ts');
        const host = `round-${number}.example.org`;
        repository.write(
          'config/environments.ts',
          environments.replace(/(dev: \{)(?: ingressHost: '[^']*',)?/, `$1 ingressHost: '${host}',`),
        );
        const end = performance.now() + DEADLINE_MS;
        for (;;) {
          await delay(5);
          if (repository.read('dist/dev/ai-platform-engineering.yaml').includes(host)) break;
          if (performance.now() > end) throw new Error(`not written again: ${await until(/[^]*/)}`);
        }
        await until(/✓.*\n(?![^]*✓)/);
      }
    });
  });

  it('reports as text only, and refuses what cannot be', () => {
    using repository = new Repository();
    const json = repository.run(['synth', '--watch', '--output', 'json']);
    assert.equal(json.status, 2);
    assert.match(json.stdout, /--watch reports as text/);
    assert.equal(repository.run(['synth', '--watch', '--environment', 'devel']).status, 2);
  });
});
