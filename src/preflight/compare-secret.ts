/** What a sync would change in the Secret that is in the cluster. Values are compared here and leave as fingerprints. */
import { textOf } from '../eso/go/go-string.ts';
import type { ExistingSecret, PredictedSecret } from '../eso/prediction.ts';
import type { SecretBytes } from '../eso/secret-bytes.ts';
import { parseFields, renderFields } from '../model/secret-text.ts';
import { fingerprint } from '../report/fingerprint.ts';
import type { ChangedKey, SecretChanges } from './preflight-result.ts';

/** @param fingerprintKey at least 32 random bytes, made for this run */
export function compareSecret(
  predicted: PredictedSecret,
  existing: ExistingSecret | 'absent',
  fingerprintKey: Uint8Array,
): SecretChanges {
  const before = existing === 'absent' ? new Map<string, SecretBytes>() : existing.data;
  const { name, namespace, data: after } = predicted;
  const changed: ChangedKey[] = [];
  let unchanged = 0;
  for (const [key, value] of after) {
    const old = before.get(key);
    if (old === undefined) continue;
    if (old.equals(value)) {
      unchanged += 1;
      continue;
    }
    const mark = (of: SecretBytes): string => fingerprint(fingerprintKey, `${namespace}/${name} ${key}`, [of]);
    changed.push({ key, before: mark(old), after: mark(value), sameContent: isSameContent(old, value) });
  }
  return {
    exists: existing !== 'absent',
    added: [...after.keys()].filter((key) => !before.has(key)).toSorted(),
    removed: [...before.keys()].filter((key) => !after.has(key)).toSorted(),
    changed: changed.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    unchanged,
    ...(existing === 'absent' || existing.type === predicted.type ? {} : { typeBefore: existing.type }),
  };
}

/** Two JSON objects with equal fields: applications that parse them see no difference, checksums do. */
function isSameContent(a: SecretBytes, b: SecretBytes): boolean {
  const [left, right] = [canonical(a), canonical(b)];
  return left !== undefined && left === right;
}

function canonical(value: SecretBytes): string | undefined {
  const parsed = parseFields(textOf(value.reveal()));
  return parsed.kind === 'fields'
    ? renderFields(parsed.fields.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    : undefined;
}
