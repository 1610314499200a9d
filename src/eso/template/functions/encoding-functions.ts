/** sprig's encodings and checksums. A text that cannot be decoded becomes the text of the error. */
import { createHash } from 'node:crypto';
import { GoError } from '../../go-error.ts';
import { decodeBase64, encodeBase64 } from '../../go/base64.ts';
import type { GoString } from '../../go/go-string.ts';
import { bytesOf, goString } from '../../go/go-string.ts';
import type { TemplateFunction } from '../go-value.ts';
import { decodeBase32, encodeBase32 } from './base32.ts';
import { derivePassword } from './derive-password.ts';
import { goFunction, string, text } from './go-function.ts';

function decoding(decode: (value: GoString) => GoString): TemplateFunction {
  return goFunction(['string'], (value) => {
    try {
      return string(decode(value));
    } catch (error) {
      if (error instanceof GoError) return text(error.text.reveal());
      throw error;
    }
  });
}

function encoding(encode: (value: GoString) => GoString): TemplateFunction {
  return goFunction(['string'], (value) => string(encode(value)));
}

function hash(algorithm: 'sha1' | 'sha256' | 'sha512'): TemplateFunction {
  return encoding((value) => goString(createHash(algorithm).update(bytesOf(value)).digest('hex')));
}

function adler32(value: GoString): GoString {
  let [low, high] = [1, 0];
  for (let at = 0; at < value.length; at++) {
    low = (low + value.charCodeAt(at)) % 65521;
    high = (high + low) % 65521;
  }
  return goString(String(high * 65536 + low));
}

export const encodingFunctions: readonly [string, TemplateFunction][] = [
  ['b64enc', encoding((value) => encodeBase64(value, 'standard'))],
  ['b64dec', decoding((value) => decodeBase64(value, 'standard'))],
  ['b32enc', encoding(encodeBase32)],
  ['b32dec', decoding(decodeBase32)],
  ['sha1sum', hash('sha1')],
  ['sha256sum', hash('sha256')],
  ['adler32sum', encoding(adler32)],
  [
    'derivePassword',
    goFunction(['uint32', 'string', 'string', 'string', 'string'], (counter, type, password, user, site) =>
      string(derivePassword(Number(counter), type, password, user, site)),
    ),
  ],
];

/** Of the sprig that ESO has had for its own since version 2. */
export const laterEncodingFunctions: readonly [string, TemplateFunction][] = [['sha512sum', hash('sha512')]];
