import { type DescMessage, isMessage } from '@bufbuild/protobuf';
import { type Duration, type FieldMask, isWrapperDesc, type Timestamp } from '@bufbuild/protobuf/wkt';
import type { Codec } from './codec.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { parseFieldMask } from './field-mask.ts';
import { quote, scalarCodec } from './scalar-codec.ts';
import { structLikeCodec } from './struct-codec.ts';
import { formatTimestamp, parseTimestamp } from './timestamp.ts';

const timestampCodec: Codec<Timestamp> = {
  decode: parseTimestamp,
  encode: (value) => `"${formatTimestamp(value)}"`,
};

const durationCodec: Codec<Duration> = { decode: parseDuration, encode: (value) => `"${formatDuration(value)}"` };

const fieldMaskCodec: Codec<FieldMask> = { decode: parseFieldMask, encode: (value) => quote(value.paths.join(',')) };

/** The codec of a type with a JSON form of its own, Any excepted; undefined for ordinary messages. */
export function wellKnownCodec(type: DescMessage): Codec | undefined {
  switch (type.typeName) {
    case 'google.protobuf.Timestamp':
      return timestampCodec as Codec;
    case 'google.protobuf.Duration':
      return durationCodec as Codec;
    case 'google.protobuf.FieldMask':
      return fieldMaskCodec as Codec;
    default:
      return isWrapperDesc(type) ? wrapperCodec(type) : structLikeCodec(type);
  }
}

/** A wrapper as a message: in lists, maps, oneofs and alone. Singular fields hold the bare value (see {@link unboxedCodec}). */
function wrapperCodec(type: DescMessage): Codec {
  const inner = unboxedCodec(type);
  return {
    decode: (value, options) => ({ $typeName: type.typeName, value: inner.decode(value, options) }),
    encode: (value) => inner.encode(isMessage(value) ? (value as { value?: unknown }).value : value),
  };
}

/** The bare value of a wrapper type. */
export function unboxedCodec(type: DescMessage): Codec {
  const scalar = type.fields[0]?.scalar;
  if (scalar === undefined) throw new TypeError(`${type.typeName} is not a wrapper`);
  return scalarCodec(scalar);
}
