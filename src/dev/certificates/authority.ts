/**
 * A certificate authority for development, and the server certificates that it issues (X.509 v3, RFC 5280; ECDSA P-256). Node makes keys and
 * signatures but no certificates, and `openssl` is not on every machine.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { SecretValue } from '../../model/secret-value.ts';
import {
  bitString,
  booleanTrue,
  integer,
  objectIdentifier,
  octetString,
  primitive,
  sequence,
  set,
  tagged,
  time,
  utf8String,
} from './der.ts';

/** PEM: a certificate and the private key that belongs to it. */
export type Certified = { readonly certificate: string; readonly key: SecretValue };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const authorityDays = 3650;
/** Clients refuse a server's certificate that is valid for longer than 398 days (CA/Browser Forum, ballot SC31). */
const serverDays = 397;

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

/** @param key of an authority that is renewed; default: a new one */
export function createAuthority(nowMs: number = Date.now(), key: SecretValue = createKey()): Certified {
  const privateKey = createPrivateKey(key.reveal());
  const identifier = keyIdentifier(privateKey);
  const name = authorityName(privateKey);
  const certificate = signCertificate({
    issuer: name,
    subject: name,
    publicKey: createPublicKey(privateKey),
    signer: privateKey,
    nowMs,
    expiresMs: nowMs + authorityDays * dayMs,
    extensions: [
      // It signs servers and no further authorities.
      extension('2.5.29.19', sequence(booleanTrue, integer(Buffer.of(0))), true),
      extension('2.5.29.15', bitString(Buffer.of(0b0000_0110), 1), true),
      extension('2.5.29.14', octetString(identifier)),
    ],
  });
  return { certificate, key };
}

/**
 * @param names DNS names (`*.` in front stands for one label) and IP addresses
 * @returns valid from an hour ago, for clocks that go wrong, for 397 days or until the authority ends
 */
export function issue(authority: Certified, names: readonly string[], nowMs: number = Date.now()): Certified {
  const signer = createPrivateKey(authority.key.reveal());
  const key = createKey();
  const privateKey = createPrivateKey(key.reveal());
  const { validTo } = new X509Certificate(authority.certificate);
  const certificate = signCertificate({
    issuer: authorityName(signer),
    subject: commonName('Lockstep development server'),
    publicKey: createPublicKey(privateKey),
    signer,
    nowMs,
    expiresMs: Math.min(nowMs + serverDays * dayMs - hourMs, Date.parse(validTo)),
    extensions: [
      extension('2.5.29.19', sequence(), true),
      extension('2.5.29.15', bitString(Buffer.of(0b1000_0000), 7), true),
      extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.14', octetString(keyIdentifier(privateKey))),
      extension('2.5.29.35', sequence(primitive(0, keyIdentifier(signer)))),
      extension('2.5.29.17', sequence(...names.map(alternativeName))),
    ],
  });
  return { certificate, key };
}

function createKey(): SecretValue {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return new SecretValue(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/** It follows from the key, so that two authorities on one machine are told apart and a renewed one stays what it was. */
function authorityName(privateKey: KeyObject): Buffer {
  return commonName(`Lockstep development authority ${keyIdentifier(privateKey).toString('hex').slice(0, 8)}`);
}

type Unsigned = {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly nowMs: number;
  readonly expiresMs: number;
  readonly extensions: readonly Buffer[];
};

function signCertificate(unsigned: Unsigned): string {
  const { issuer, subject, publicKey, signer, nowMs, expiresMs, extensions } = unsigned;
  const serial = randomBytes(16);
  // Positive, and never shorter than the others.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const content = sequence(
    tagged(0, integer(Buffer.of(2))),
    integer(serial),
    ecdsaWithSha256,
    issuer,
    sequence(time(nowMs - hourMs), time(expiresMs)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensions)),
  );
  const signature = bitString(sign('sha256', content, signer));
  const base64 = sequence(content, ecdsaWithSha256, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
}

function extension(identifier: string, value: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(identifier), ...(critical ? [booleanTrue] : []), octetString(value));
}

function commonName(text: string): Buffer {
  return sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String(text))));
}

/** RFC 7093, 2 (1): the first 160 bits of the SHA-256 of the public key's bits, which for P-256 are the last 65 bytes of its DER. */
function keyIdentifier(privateKey: KeyObject): Buffer {
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(publicKey.subarray(-65)).digest().subarray(0, 20);
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 0 ? primitive(2, Buffer.from(name, 'latin1')) : primitive(7, addressBytes(name));
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [head = '', tail] = address.split('::');
  const [front, back] = [groups(head), groups(tail ?? '')];
  const zeros = Array<string>(tail === undefined ? 0 : 8 - front.length - back.length).fill('0');
  return Buffer.from([...front, ...zeros, ...back].map((group) => group.padStart(4, '0')).join(''), 'hex');
}
