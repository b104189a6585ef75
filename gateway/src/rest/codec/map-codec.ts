import { ScalarType } from '@bufbuild/protobuf';
import type { Codec } from './codec.ts';
import { at, DecodeError } from './decode-error.ts';
import { integerRanges, toInteger, toLong } from './integer.ts';
import { quote } from './scalar-codec.ts';

const integerText = /^(?:0|-?[1-9][0-9]{0,15})$/;

/** A map field. protobuf-es keeps maps as objects whose keys are text whatever their type; `__proto__` cannot come, see json-text.ts. */
export function mapCodec(keyType: ScalarType, element: Codec): Codec<Record<string, unknown>> {
  return {
    decode: (value, options) => {
      if (!(value instanceof Map)) throw new DecodeError('type.object');
      const entries: Record<string, unknown> = {};
      for (const [key, member] of value) {
        try {
          entries[checkKey(keyType, key)] = element.decode(member, options);
        } catch (error) {
          throw at(error, key);
        }
      }
      return entries;
    },
    encode: (entries) => {
      const members = Object.keys(entries).map((key) => `${quote(key)}:${element.encode(entries[key])}`);
      return `{${members.join(',')}}`;
    },
  };
}

function checkKey(type: ScalarType, key: string): string {
  switch (type) {
    case ScalarType.STRING:
      return key;
    case ScalarType.BOOL:
      if (key !== 'true' && key !== 'false') throw new DecodeError('type.boolean');
      return key;
    default:
      if (!integerText.test(key)) throw new DecodeError('type.integer');
      checkIntegerKey(type, Number(key));
      return key;
  }
}

function checkIntegerKey(type: ScalarType, key: number): void {
  switch (type) {
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      toInteger(key, integerRanges.int32);
      return;
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      toInteger(key, integerRanges.uint32);
      return;
    default:
      toLong(key, type === ScalarType.UINT64 || type === ScalarType.FIXED64);
  }
}
