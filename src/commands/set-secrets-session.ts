/** One secret after the other: read, asked for, confirmed, written. What is written stays written, wherever the session ends. */
import { inParallel } from '../migrate/in-parallel.ts';
import type { Secret } from '../model/platform.ts';
import { InternalError } from '../model/problem.ts';
import { plural } from '../report/plural.ts';
import { renderSetSecret } from '../report/set-secrets-report.ts';
import { openFields } from '../set-secrets/lacking-fields.ts';
import type { Opened } from '../set-secrets/open-secret.ts';
import { openSecret } from '../set-secrets/open-secret.ts';
import type { SetSecretItem } from '../set-secrets/set-secret-item.ts';
import { setSecretItem } from '../set-secrets/set-secret-item.ts';
import { StoreError } from '../stores/store-error.ts';
import { StoppedError } from './ask-hidden.ts';
import { CONCURRENCY } from './migration-options.ts';
import { isAskedFor, isSourced } from './set-secrets-gather.ts';
import type { Session } from './set-secrets-one.ts';
import { setOne } from './set-secrets-one.ts';

export type SessionEnd = {
  readonly secrets: readonly SetSecretItem[];
  /** `nobody to ask`: something lacks, and neither a source nor a terminal gives it. */
  readonly ended: 'whole' | 'stopped' | 'store failed' | 'nobody to ask';
};

/** @throws {StoreError} before anything is asked or written */
export async function runSession(session: Session): Promise<SessionEnd> {
  const { options, sideOf, sources, context } = session;
  const { secrets } = options;
  context.note(`Reading ${plural(secrets.length, 'secret')} …`);
  const read = await inParallel(secrets, CONCURRENCY, (secret) =>
    openSecret(secret, sideOf(secret).client, { recover: false }),
  );
  const asks = !options.plan && !isSourced(options, sources) && context.askHidden !== undefined;
  const isVisited = (secret: Secret, opened: Opened): boolean =>
    opened.kind === 'open' ? isAskedFor(secret, opened, options) : opened.because === 'deleted';
  const visited = secrets.filter((secret, index) => isVisited(secret, at(read, index)));
  const needsAsking = !options.plan && !isSourced(options, sources) && context.askHidden === undefined;
  if (asks && visited.length > 0)
    context.note(
      `${visited.length} to go through, each written before the next begins. Nothing is shown of what you type or paste. Ctrl-C ends it.`,
    );

  const items: SetSecretItem[] = [];
  let ended: SessionEnd['ended'] =
    needsAsking && visited.some((secret) => at(read, secrets.indexOf(secret)).kind === 'open')
      ? 'nobody to ask'
      : 'whole';
  for (const [index, secret] of secrets.entries()) {
    const opened = at(read, index);
    const place = visited.indexOf(secret) + 1;
    if (ended === 'stopped' || ended === 'store failed') {
      items.push(untouched(secret, opened));
      continue;
    }
    try {
      const { item, stopped } = await setOne(secret, opened, session, {
        asks,
        progress: visited.length > 1 && place > 0 ? ` (${place} of ${visited.length})` : '',
      });
      items.push(item);
      if (!options.plan && item.outcome !== 'complete' && item.outcome !== 'lacking')
        context.note(renderSetSecret(item));
      if (stopped) ended = 'stopped';
      if (item.outcome === 'failed') ended = 'store failed';
    } catch (error) {
      if (error instanceof StoppedError) ended = 'stopped';
      else if (error instanceof StoreError) ended = 'store failed';
      else throw error;
      items.push({ ...untouched(secret, opened), because: `${error.message}. ${error.hint}` });
    }
  }
  return { secrets: items, ended };
}

function untouched(secret: Secret, opened: Opened): SetSecretItem {
  const isComplete = opened.kind === 'open' && openFields(secret, opened.values).length === 0;
  return setSecretItem(secret, opened, { outcome: isComplete ? 'complete' : 'not reached' });
}

function at(read: readonly Opened[], index: number): Opened {
  const opened = read[index];
  if (opened === undefined) throw new InternalError(new Error('a secret was not read'));
  return opened;
}
