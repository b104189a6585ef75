import { ScalarType } from '@bufbuild/protobuf';
import { base64Encode } from '@bufbuild/protobuf/wire';
import { decodeBase64 } from './base64.ts';
import type { Codec } from './codec.ts';
import { DecodeError } from './decode-error.ts';
import { integerRanges, toInteger, toLong } from './integer.ts';
import type { JsonValue } from './json-text.ts';

// Strings with none of these are their own JSON text; the check is far cheaper than JSON.stringify.
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON requires exactly these to be escaped.
const needsEscaping = /["\\\u0000-\u001f\ud800-\udfff]/;

/** JSON text of a string. */
export function quote(text: string): string {
  return needsEscaping.test(text) ? JSON.stringify(text) : `"${text}"`;
}

const stringCodec: Codec<string> = {
  decode: (value, { lenient }) => {
    if (typeof value === 'string') return value;
    if (lenient && Number.isSafeInteger(value)) return String(value);
    throw new DecodeError('type.string');
  },
  encode: quote,
};

const booleanCodec: Codec<boolean> = {
  decode: (value) => {
    if (typeof value !== 'boolean') throw new DecodeError('type.boolean');
    return value;
  },
  encode: (value) => (value ? 'true' : 'false'),
};

const bytesCodec: Codec<Uint8Array> = {
  decode: (value) => {
    if (typeof value !== 'string') throw new DecodeError('type.bytes');
    return decodeBase64(value);
  },
  encode: (value) => `"${base64Encode(value)}"`,
};

const longText = /^-?(?:0|[1-9][0-9]{0,19})$/;

function longCodec(unsigned: boolean): Codec<bigint> {
  return {
    // ProtoJSON writes 64-bit integers as strings; generated clients may send them so.
    decode: (value) => toLong(typeof value === 'string' && longText.test(value) ? Number(value) : value, unsigned),
    encode: (value) => value.toString(),
  };
}

function integerCodec(type: 'int32' | 'uint32'): Codec<number> {
  const range = integerRanges[type];
  return { decode: (value) => toInteger(value, range), encode: (value) => value.toString() };
}

const doubleCodec: Codec<number> = { decode: toReal, encode: encodeReal };

const floatCodec: Codec<number> = {
  // Rounded as on the way to the service, so that a message is what its reader will see.
  decode: (value) => {
    const rounded = Math.fround(toReal(value));
    if (typeof value === 'number' && !Number.isFinite(rounded)) throw new DecodeError('json.number_range');
    return rounded;
  },
  encode: encodeFloat,
};

function toReal(value: JsonValue): number {
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY;
  if (typeof value !== 'number') throw new DecodeError('type.number');
  return value;
}

function encodeReal(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The shortest text that is the same float: `0.1`, not the double beside it, 0.10000000149011612. */
function encodeFloat(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Object.is(Math.fround(short), value)) return encodeReal(short);
  }
  return encodeReal(value);
}

const codecs = new Map<ScalarType, Codec<never>>([
  [ScalarType.STRING, stringCodec as Codec<never>],
  [ScalarType.BOOL, booleanCodec as Codec<never>],
  [ScalarType.BYTES, bytesCodec as Codec<never>],
  [ScalarType.DOUBLE, doubleCodec as Codec<never>],
  [ScalarType.FLOAT, floatCodec as Codec<never>],
  ...[ScalarType.INT32, ScalarType.SINT32, ScalarType.SFIXED32].map(
    (type) => [type, integerCodec('int32') as Codec<never>] as const,
  ),
  ...[ScalarType.UINT32, ScalarType.FIXED32].map((type) => [type, integerCodec('uint32') as Codec<never>] as const),
  ...[ScalarType.INT64, ScalarType.SINT64, ScalarType.SFIXED64].map(
    (type) => [type, longCodec(false) as Codec<never>] as const,
  ),
  ...[ScalarType.UINT64, ScalarType.FIXED64].map((type) => [type, longCodec(true) as Codec<never>] as const),
]);

/**
 * The codec of a scalar type. 64-bit integers are bigint in messages and JSON integers on the wire: up to 2^53 − 1 on input, where a larger one may
 * already have been rounded by whoever wrote it; on output every digit of any, for a string instead would break the schema.
 */
export function scalarCodec(type: ScalarType): Codec {
  return codecs.get(type) as unknown as Codec;
}
