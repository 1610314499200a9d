/** What would be written to the target for one secret of the source. It holds the value, and is made anew where it is needed. */
import type { RemoteSecret } from '../eso/remote-secret.ts';
import { readRemoteSecret } from '../eso/remote-secret.ts';
import { valuesOf } from '../eso/values-seen.ts';
import type { Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import type { SecretValue } from '../model/secret-value.ts';
import { checkValues } from '../model/value-rules.ts';
import type { MetadataChange } from '../stores/contract.ts';
import { carryMetadata } from './carry-metadata.ts';
import { receivedOtherwise } from './compare-content.ts';
import type { Blocked, PlannedSecret, Present, Sides } from './migration.ts';
import { isUndeclared } from './migration.ts';
import { translate } from './translate.ts';

export type Prepared =
  ({ readonly kind: 'ready' } & Contents) | ({ readonly kind: 'blocked'; readonly because: Blocked } & Facts);

type Contents = Facts & {
  readonly value: SecretValue;
  readonly metadata: MetadataChange;
  /** What the operator reads at the source. */
  readonly seen: RemoteSecret;
};

/** What the plan tells people of it. */
type Facts = Pick<PlannedSecret, 'findings' | 'left' | 'asText'>;

const none: readonly never[] = [];

/** @param secret of whichever store */
export function prepareSecret(secret: Secret, source: Present, { from, to, options }: Sides): Prepared {
  const sourceSecret = { ...secret, store: from.store };
  const targetSecret = { ...secret, store: to.store };
  const translation = translate(secret, source.value, {
    from: from.capabilities.holds,
    to: to.capabilities.holds,
    includeUndeclared: options.includeUndeclared,
  });
  if (translation.kind === 'blocked') {
    const names = translation.field === undefined ? none : [translation.field];
    const because = { side: 'source', reason: translation.because, names } as const;
    return { kind: 'blocked', because, findings: none, left: none, asText: none };
  }
  const { value } = translation;
  const origin = { store: from.name, name: remoteKey(sourceSecret), version: source.version };
  const { content } = secret;
  const carried = carryMetadata(source.metadata, origin, to.capabilities, {
    contentType: content.kind === 'fields' ? 'application/json' : undefined,
    // Of a secret of the catalog, the catalog says it.
    plainTextField:
      content.kind === 'text' && isUndeclared(secret) && to.capabilities.holds === 'fields'
        ? content.vaultProperty
        : undefined,
  });
  const left = [
    ...translation.left.map((field) => `the field ${field}, which the catalog does not know`),
    ...carried.left,
  ];
  const seen = readRemoteSecret(sourceSecret, source.value);
  const facts: Facts = {
    findings: shared(checkValues(secret, valuesOf(sourceSecret, seen))),
    left: shared(left),
    asText: shared(translation.asText),
  };
  const blocked = (side: Blocked['side'], reason: Blocked['reason'], names: readonly string[] = none): Prepared => ({
    ...{ kind: 'blocked', because: { side, reason, names } },
    ...facts,
  });
  if (Buffer.byteLength(value.reveal()) > to.capabilities.maxValueBytes) return blocked('target', 'too large');
  const seenOtherwise = receivedOtherwise(sourceSecret, seen, targetSecret, value);
  if (seenOtherwise.length > 0) return blocked('source', 'applications would see a difference', seenOtherwise);
  return { kind: 'ready', value, metadata: carried.metadata, seen, ...facts };
}

/** One empty list for all the secrets of which there is nothing to tell. */
function shared<Item>(items: readonly Item[]): readonly Item[] {
  return items.length === 0 ? none : items;
}
