/** DER (X.690) as far as certificates are written in it. Reading them is left to Node. */

/** @param tag one byte: no number here is above 30 */
function encode(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 | bytes.length), bytes, content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => encode(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Buffer => encode(0x31, ...parts);
export const octetString = (content: Uint8Array): Buffer => encode(0x04, content);
export const utf8String = (text: string): Buffer => encode(0x0c, Buffer.from(text));
export const booleanTrue: Buffer = Buffer.of(0x01, 0x01, 0xff);

/** `[number]` around another value (explicit). */
export const tagged = (number: number, content: Uint8Array): Buffer => encode(0xa0 | number, content);
/** `[number]` in the place of a value's own tag (implicit, primitive). */
export const primitive = (number: number, content: Uint8Array): Buffer => encode(0x80 | number, content);

/** @param bytes big-endian, as few as there can be, the first one below 0x80: nothing else comes up here */
export const integer = (bytes: Uint8Array): Buffer => encode(0x02, bytes);

/** @param unusedBits at the end of the last byte */
export function bitString(content: Uint8Array, unusedBits = 0): Buffer {
  return encode(0x03, Buffer.of(unusedBits), content);
}

/** @param text `2.5.29.19` */
export function objectIdentifier(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((part) => {
    const digits = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return encode(0x06, Buffer.from(bytes));
}

/** RFC 5280, 4.1.2.5: two digits of the year through 2049, four from 2050 on. */
export function time(atMs: number): Buffer {
  const text = `${new Date(atMs).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return text < '2050' ? encode(0x17, Buffer.from(text.slice(2))) : encode(0x18, Buffer.from(text));
}
