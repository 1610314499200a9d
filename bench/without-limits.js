// Preloaded into a measured process (--import): the embedded Key Vault does not throttle here, and Azure's limits would be all that is measured.
import module from 'node:module';
import path from 'node:path';

// As src/main.js does, which comes later here: otherwise what is loaded now would be stripped of its types each time, as in nobody's run.
module.enableCompileCache(path.join(path.dirname(import.meta.dirname), '.lockstep', 'compile-cache'));
const { keyVaultCallLimits } = await import('../src/stores/call-budget.ts');

Object.assign(keyVaultCallLimits, { creates: 1e9, others: 1e9 });
