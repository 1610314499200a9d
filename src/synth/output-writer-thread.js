// The thread's entry. JavaScript, so that what it loads comes from the compile cache, which a thread has to be told of anew.
import { enableCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';

if (workerData.compileCache !== '.') enableCompileCache(workerData.compileCache);
await import('./output-writer-thread.ts');
