/** Secrets that use up what the stores allow: values of nearly 25 KB, many fields with any names, as many tags as fit. */
import type { CatalogSecret } from './catalog.ts';
import { fieldNames, textProperty } from './catalog.ts';
import { hostileFields, hostileText, marker } from './hostile-values.ts';
import type { Fields } from './hostile-values.ts';
import type { Random } from './random.ts';

/** Of Key Vault, as JSON. */
const MAX_BYTES = 25 * 1024;
/** Less what Lockstep's own tags take (store, name, version) of the 15 that Key Vault has. */
const MAX_TAGS = 12;

const names = [
  '__proto__',
  'constructor',
  'a b',
  'ключ',
  '"',
  '\\',
  'a.b',
  'a/b',
  '\u2028',
  '👍',
  'UPPER',
  'upper',
  '0',
  ' ',
];

export function largeFields(secret: CatalogSecret, random: Random): Fields {
  const kind = random.next();
  if (kind < 0.04) return nearLimit(secret, random);
  const fields = hostileFields(secret, random, kind < 0.15 ? 16_000 : 1500);
  if (secret.kind === 'text' || kind < 0.8) return fields;
  const undeclared = Array.from({ length: 1 + random.below(60) }, (_, index): [string, string] => [
    index < names.length ? random.pick(names) : `field-${index}`,
    hostileText(random, 120),
  ]);
  return Object.fromEntries([...Object.entries(fields), ...undeclared]);
}

function nearLimit(secret: CatalogSecret, random: Random): Fields {
  const name = secret.kind === 'text' ? textProperty : fieldNames[0];
  const fill = random.pick(['x', 'ä', '日', '👍', '"', '\\', '\n', '\u0001', '<']);
  const room = MAX_BYTES - bytesInVault({ [name]: marker }) - random.below(40);
  return { [name]: marker + fill.repeat(Math.floor(room / (bytesInVault({ '': fill }) - bytesInVault({ '': '' })))) };
}

/** Go's encoding/json escapes more than JSON asks for, and what Vault tells is what is carried. */
function bytesInVault(fields: Fields): number {
  return Buffer.byteLength(JSON.stringify(fields).replace(/[<>&\u2028\u2029\u007f]|\\[bf]/g, '\\u0000'));
}

/** Custom metadata as Vault takes them: what can be printed, names of up to 128 bytes; longer texts: metadata.faults.ts. */
export function largeTags(random: Random): Readonly<Record<string, string>> {
  const kind = random.next();
  if (kind < 0.5) return {};
  const count = kind < 0.6 ? MAX_TAGS : random.below(MAX_TAGS);
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      random.chance(0.2) ? `${index}-${'n'.repeat(120)}` : `owner ${random.pick(['a', 'ß', '日', '👍'])} ${index}`,
      random.chance(0.2) ? 't'.repeat(128) : random.pick(['team', 'a b', '"quoted"', 'ünï', '<&>', '👍']),
    ]),
  );
}
