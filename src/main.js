/**
 * The entry. Everything behind it is loaded through Node's compile cache, which also keeps what type stripping gives: a second run starts
 * in a third of the time. JavaScript, because this file itself comes before the cache. The cache may be deleted at any time.
 */
import module from 'node:module';
import path from 'node:path';

const NEEDED_MAJOR = 24;

if (Number(process.versions.node.split('.')[0]) < NEEDED_MAJOR) {
  process.stderr.write(
    `Lockstep runs on Node ${NEEDED_MAJOR}; this is ${process.versions.node}\n` +
      '  npm ci brings Node along as an optional dependency, and npm run uses it; without it, install it yourself.\n',
  );
  process.exitCode = 2;
} else {
  module.enableCompileCache(path.join(path.dirname(import.meta.dirname), '.lockstep', 'compile-cache'));
  const { runProcess } = await import('./command-line.ts');
  process.exitCode = await runProcess();
}
