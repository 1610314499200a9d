/** What the generator gives for a field whose origin is `generated`. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { FieldFormat } from '../model/configuration.ts';
import { SecretValue } from '../model/secret-value.ts';

/** As many as an HMAC-SHA256 key has: more makes nothing safer. */
const RANDOM_BYTES = 32;

const generators: Readonly<Partial<Record<Extract<FieldFormat, string>, () => string>>> = {
  token: randomText,
  text: randomText,
  guid: randomUUID,
};

/** A value that nobody can guess, from the operating system's generator. Undefined: no random value makes sense of that format. */
export function generateValue(format: FieldFormat): SecretValue | undefined {
  const generate = typeof format === 'string' ? generators[format] : undefined;
  return generate && new SecretValue(generate());
}

export function isGenerated({ origin, format }: { readonly origin: string; readonly format: FieldFormat }): boolean {
  return origin === 'generated' && typeof format === 'string' && generators[format] !== undefined;
}

/** base64url (RFC 4648): letters, digits, `-` and `_`, which need no quotes in a shell, a URL or YAML. */
function randomText(): string {
  return randomBytes(RANDOM_BYTES).toString('base64url');
}
