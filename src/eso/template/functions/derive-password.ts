/** The algorithm of masterpasswordapp.com, version 3, which sprig has as derivePassword. */
import { Buffer } from 'node:buffer';
import { createHmac, scryptSync } from 'node:crypto';
import type { GoString } from '../../go/go-string.ts';
import { asGoString, bytesOf } from '../../go/go-string.ts';
import { bytesIn } from './go-function.ts';

const scope = 'com.lyndir.masterpassword';

/** One letter for a class of characters; the password takes the shape of one of these. */
const shapes = new Map([
  ['maximum', 'anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno'],
  [
    'long',
    'CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv ' +
      'CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv ' +
      'CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno',
  ],
  ['medium', 'CvcnoCvc CvcCvcno'],
  ['short', 'Cvcn'],
  ['basic', 'aaanaaan aannaaan aaannaaa'],
  ['pin', 'nnnn'],
]);

const consonants = 'bcdfghjklmnpqrstvwxyz';
const letters = `AEIOUaeiou${consonants.toUpperCase()}${consonants}`;
const classes = new Map([
  ['C', consonants.toUpperCase()],
  ['v', 'aeiou'],
  ['c', consonants],
  ['a', letters],
  ['n', '0123456789'],
  ['o', "@&%?,=[]_:-+*$#!'^~;()/."],
  ['x', `${letters}0123456789!@#$%^&*()`],
]);

export function derivePassword(
  counter: number,
  type: GoString,
  password: GoString,
  user: GoString,
  site: GoString,
): GoString {
  const candidates = shapes.get(type)?.split(' ');
  if (candidates === undefined) return asGoString(`cannot find password template ${type}`);
  const salt = Buffer.concat([Buffer.from(scope), withLength(user)]);
  const key = scryptSync(bytesOf(password), salt, 64, { N: 32768, r: 8, p: 2, maxmem: 128 * 1024 * 1024 });
  const seed = createHmac('sha256', key)
    .update(Buffer.concat([Buffer.from(scope), withLength(site), bigEndian(counter)]))
    .digest();
  const shape = candidates[(seed[0] ?? 0) % candidates.length] ?? '';
  const characters = bytesIn(shape).map((letter, at) => {
    const among = classes.get(letter) ?? '';
    return among.charAt((seed[at + 1] ?? 0) % among.length);
  });
  return asGoString(characters.join(''));
}

function withLength(value: GoString): Uint8Array {
  return Buffer.concat([bigEndian(value.length), bytesOf(value)]);
}

function bigEndian(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
