/** Writing what a person entered, which is nowhere else: it is not lost because a store is away for a moment. */
import type { Secret } from '../model/platform.ts';
import type { SecretStore } from '../stores/contract.ts';
import { StoreError } from '../stores/store-error.ts';
import type { Values } from '../set-secrets/lacking-fields.ts';
import type { OpenedSecret } from '../set-secrets/open-secret.ts';
import type { Written } from '../set-secrets/write-fields.ts';
import { writeFields } from '../set-secrets/write-fields.ts';
import type { CommandContext } from './command.ts';
import { isYes } from './set-secrets-confirmation.ts';

export type Attempted = {
  readonly outcome: Written | { readonly kind: 'failed'; readonly because: string };
  /** Ctrl-C came meanwhile: the write was ended first. */
  readonly stopped: boolean;
};

export async function writeWithPatience(
  secret: Secret,
  client: SecretStore,
  opened: OpenedSecret,
  values: Values,
  { ask, note }: Pick<CommandContext, 'ask' | 'note'>,
): Promise<Attempted> {
  for (;;) {
    const stopping = listenForStop(() => {
      note('Ending the write in hand …');
    });
    try {
      // Again from what was confirmed: where the write before came through after all, it is found there.
      return { outcome: await writeFields(secret, client, opened, values), stopped: stopping.isStopped() };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      const failed = { kind: 'failed', because: `${error.message}. ${error.hint}` } as const;
      if (ask === undefined || stopping.isStopped()) return { outcome: failed, stopped: stopping.isStopped() };
      note(`✗ ${error.message}\n  ${error.hint}`);
      stopping.end();
      if (!(await isYes(ask, 'Try again with the same values? [y/n] '))) return { outcome: failed, stopped: false };
    } finally {
      stopping.end();
    }
  }
}

/** The first signal is heard; a second one ends the process. */
function listenForStop(onStop: () => void): { readonly isStopped: () => boolean; readonly end: () => void } {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let stopped = false;
  const end = (): void => {
    for (const signal of signals) process.off(signal, stop);
  };
  const stop = (): void => {
    stopped = true;
    end();
    onStop();
  };
  for (const signal of signals) process.on(signal, stop);
  return { isStopped: () => stopped, end };
}
