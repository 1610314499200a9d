/** Why an ExternalSecret cannot be predicted, and what would make it possible. */
import type { UnpredictableReason } from '../eso/go-error.ts';
import type { Store } from '../eso/resources.ts';
import type { UsedAnswer } from './drive-predictions.ts';

export function explainUnpredictable(
  { reason, because }: { readonly reason: UnpredictableReason; readonly because: string },
  used: readonly UsedAnswer[],
  isUnread: (store: Store) => boolean,
): { readonly because: string; readonly fix?: string } {
  const unread = reason === 'store' ? used.find(({ request }) => isUnread(request.store)) : undefined;
  // Why, and what to do about it, is said once of the store.
  if (unread !== undefined) return { because: `${unread.request.store.metadata.name} was not read` };
  return { because, fix: fixes[reason] };
}

const fixes: Readonly<Record<UnpredictableReason, string>> = {
  random:
    'Let another part make the value once; the operator would make another at each refresh, and write the Secret each time.',
  'map-order': 'Let each name lead to one key: two meet, and which one wins differs from run to run.',
  template: 'Look at the template in a test cluster, or use functions that are evaluated here.',
  query: 'Name the property by a path of names and dots, or extract the whole object.',
  rewrite: 'Look at the rewrite in a test cluster, or use a simpler expression.',
  forbidden: 'Run it with credentials that may read what the operator reads.',
  store: 'Give the store’s manifest too, or --kubeconfig of the cluster that has it.',
  resource: 'Give its manifest too, or --kubeconfig of the cluster that has it.',
  operator: 'Give the version that runs, with --operator-version.',
};
