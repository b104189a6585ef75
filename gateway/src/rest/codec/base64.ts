import { base64Decode } from '@bufbuild/protobuf/wire';
import { DecodeError } from './decode-error.ts';

const alphabet = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Bytes of standard or URL-safe base64, padded or not (ProtoJSON takes all of them). Throws `type.bytes`. */
export function decodeBase64(text: string): Uint8Array {
  const unpadded = text.replace(/=+$/, '');
  if (!alphabet.test(text) || unpadded.length % 4 === 1) throw new DecodeError('type.bytes');
  return base64Decode(unpadded.replaceAll('-', '+').replaceAll('_', '/'));
}
