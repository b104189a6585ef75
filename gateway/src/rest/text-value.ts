import { type DescField, ScalarType } from '@bufbuild/protobuf';
import { isWrapperDesc } from '@bufbuild/protobuf/wkt';
import type { Codec } from './codec/codec.ts';
import { DecodeError } from './codec/decode-error.ts';
import { elementCodec, type MessageCodecs } from './codec/field-codec.ts';
import type { JsonValue } from './codec/json-text.ts';
import { unboxedCodec } from './codec/well-known-codec.ts';

/** Reads one value of a field (one element of a repeated one) from path or query text. Throws {@link DecodeError}. */
export type TextReader = (text: string) => unknown;

const textTypes = new Set(['google.protobuf.Timestamp', 'google.protobuf.Duration', 'google.protobuf.FieldMask']);
const numberText = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const options = { lenient: false };

/** Undefined for fields that have no text form: maps and ordinary messages. */
export function textReader(field: DescField, messages: MessageCodecs): TextReader | undefined {
  if (field.fieldKind === 'map') return undefined;
  const codec = elementCodec(field, messages);
  if (field.message === undefined) return toTextReader(codec, field.scalar);
  if (textTypes.has(field.message.typeName)) return toTextReader(codec, ScalarType.STRING);
  if (isWrapperDesc(field.message)) return wrapperReader(field, codec);
  return undefined;
}

function wrapperReader(field: DescField, codec: Codec): TextReader | undefined {
  const inner = field.message?.fields[0];
  if (inner === undefined || field.message === undefined) return undefined;
  const boxed = field.fieldKind === 'list' || field.oneof !== undefined;
  return toTextReader(boxed ? codec : unboxedCodec(field.message), inner.scalar);
}

function toTextReader(codec: Codec, type: ScalarType | undefined): TextReader {
  const toJson = textToJson(type);
  return (text) => codec.decode(toJson(text), options);
}

function textToJson(type: ScalarType | undefined): (text: string) => JsonValue {
  switch (type) {
    case undefined:
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return (text) => text;
    case ScalarType.BOOL:
      return (text) => (text === 'true' ? true : text === 'false' ? false : text);
    default:
      return toNumber;
  }
}

function toNumber(text: string): JsonValue {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return text;
  if (!numberText.test(text)) return text;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new DecodeError('json.number_range');
  return value;
}
