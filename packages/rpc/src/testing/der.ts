/** As much of DER (X.690) as a certificate needs. */

/** A value with its tag and length. */
export function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), toLength(content.length), content]);
}

export const sequence = (...contents: Uint8Array[]): Buffer => der(0x30, ...contents);
export const set = (...contents: Uint8Array[]): Buffer => der(0x31, ...contents);
/** From the bytes of a whole number above 0, the first of them below 80 hex. */
export const integer = (hex: string): Buffer => der(0x02, Buffer.from(hex, 'hex'));
/** From its encoded form. */
export const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));
export const octets = (content: Uint8Array): Buffer => der(0x04, content);
/** Bits in whole bytes. */
export const bits = (content: Uint8Array, unused = 0): Buffer => der(0x03, Buffer.from([unused]), content);
export const yes: Buffer = der(0x01, Buffer.from([0xff]));

/** A time in whole seconds, UTC: UTCTime until 2049, as RFC 5280 wants it. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

function toLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  return length < 0x100 ? Buffer.from([0x81, length]) : Buffer.from([0x82, length >> 8, length & 0xff]);
}
