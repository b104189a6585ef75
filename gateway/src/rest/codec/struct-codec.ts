import { type DescMessage, fromJson, type JsonValue as PlainJson, toJson } from '@bufbuild/protobuf';
import { type ListValue, ListValueSchema, StructSchema, type Value, ValueSchema } from '@bufbuild/protobuf/wkt';
import type { Codec } from './codec.ts';
import { DecodeError } from './decode-error.ts';
import type { JsonValue } from './json-text.ts';

/** Our document as plain JavaScript; a key `__proto__` cannot come, see json-text.ts. */
function toPlainJson(value: JsonValue): PlainJson {
  if (Array.isArray(value)) return value.map(toPlainJson);
  if (!(value instanceof Map)) return value;
  const object: Record<string, PlainJson> = {};
  for (const [key, member] of value) object[key] = toPlainJson(member);
  return object;
}

function decodeObject(value: JsonValue): PlainJson {
  if (!(value instanceof Map)) throw new DecodeError('type.object');
  return toPlainJson(value);
}

/** google.protobuf.Struct where protobuf-es keeps it as a plain object: in every field but Value's. */
export const structFieldCodec: Codec = { decode: decodeObject, encode: (value) => JSON.stringify(value) };

/** google.protobuf.Struct as a message of its own (a whole request or response). */
const structCodec: Codec = {
  decode: (value) => fromJson(StructSchema, decodeObject(value)),
  encode: (value) => JSON.stringify(toJson(StructSchema, value as never)),
};

const valueCodec: Codec<Value> = {
  decode: (value) => fromJson(ValueSchema, toPlainJson(value)),
  // A Value of no kind has no form of its own; it says as much as null.
  encode: (value) => (value.kind.case === undefined ? 'null' : JSON.stringify(toJson(ValueSchema, value))),
};

const listValueCodec: Codec<ListValue> = {
  decode: (value) => {
    if (!Array.isArray(value)) throw new DecodeError('type.array');
    return fromJson(ListValueSchema, toPlainJson(value));
  },
  encode: (value) => JSON.stringify(toJson(ListValueSchema, value)),
};

/** The codec of Struct, Value and ListValue; undefined for other types. */
export function structLikeCodec(type: DescMessage): Codec | undefined {
  switch (type.typeName) {
    case 'google.protobuf.Struct':
      return structCodec;
    case 'google.protobuf.Value':
      return valueCodec as Codec;
    case 'google.protobuf.ListValue':
      return listValueCodec as Codec;
    default:
      return undefined;
  }
}
