/**
 * The entry. Everything behind it is loaded through Node's compile cache, which also keeps what type stripping gives: a second run starts
 * in a third of the time. JavaScript, because this file itself comes before the cache. The cache may be deleted at any time.
 */
import { enableCompileCache } from 'node:module';
import path from 'node:path';

enableCompileCache(path.join(path.dirname(import.meta.dirname), '.lockstep', 'compile-cache'));
const { runProcess } = await import('./command-line.ts');
process.exitCode = await runProcess();
