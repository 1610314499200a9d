/** The contract, through the SDK's pipeline, against a fake of the data plane that answers at once, and one that takes its time. */
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import { describeStore } from '../contract/store-contract.ts';
import { fakeKeyVault } from './fake-key-vault.ts';
import { scriptKeyVault } from './scripted-key-vault.ts';

const limits = { creates: Infinity, others: Infinity, windowMs: 10_000 };

for (const [title, lagMs] of [
  ['a fake Key Vault', 0],
  ['a fake Key Vault that takes its time', 20],
] as const)
  describeStore(title, keyVaultCapabilities, () =>
    Promise.resolve(scriptKeyVault(fakeKeyVault(lagMs)).open({ limits })),
  );
