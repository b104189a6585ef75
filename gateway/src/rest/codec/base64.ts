import { base64Decode } from '@bufbuild/protobuf/wire';
import { DecodeError } from './decode-error.ts';

const alphabet = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Bytes of standard or URL-safe base64, padded fully or not at all (ProtoJSON takes all of them). Throws `type.bytes`. */
export function decodeBase64(text: string): Uint8Array {
  // First, for it passes over any text once; what comes after relies on it.
  if (!alphabet.test(text)) throw new DecodeError('type.bytes');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const unpadded = text.slice(0, text.length - padding);
  if (unpadded.length % 4 === 1 || (padding > 0 && text.length % 4 !== 0)) throw new DecodeError('type.bytes');
  return base64Decode(unpadded.replaceAll('-', '+').replaceAll('_', '/'));
}
