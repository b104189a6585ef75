import { isUtf8 } from 'node:buffer';
import { DecodeError } from './codec/decode-error.ts';

/** The text of a JSON body. Throws `json.utf8` for bytes that are not UTF-8 (RFC 8259 §8.1 knows no other encoding). */
export function toText(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new DecodeError('json.utf8');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
