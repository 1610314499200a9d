/** Whether the operator will ever refresh what is about to be applied over an ExternalSecret that is in the cluster. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { isDue } from '../eso/is-due.ts';
import type { ExistingSecret, Known } from '../eso/prediction.ts';
import type { ExternalSecret } from '../eso/resources.ts';

/** @param inCluster undefined where there is none, or nobody looked: then it is new */
export function willRefresh(
  next: ExternalSecret,
  inCluster: ExternalSecret | undefined,
  target: Known<ExistingSecret>,
): boolean {
  if (inCluster?.status === undefined) return true;
  const { metadata, spec, status } = inCluster;
  const isSame = isDeepStrictEqual(spec, next.spec);
  const applied: ExternalSecret = {
    ...next,
    metadata: {
      ...next.metadata,
      // What others set stays.
      labels: { ...metadata.labels, ...next.metadata.labels },
      annotations: { ...metadata.annotations, ...next.metadata.annotations },
      generation: (metadata.generation ?? 0) + (isSame ? 0 : 1),
    },
    status,
  };
  return isDue(applied, target, Infinity);
}
