import { type DescMessage, fromBinary, type Message, type Registry, toBinary } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { Codec, DecodeOptions } from './codec.ts';
import { at, DecodeError } from './decode-error.ts';
import type { MessageCodecs } from './field-codec.ts';
import type { JsonObject, JsonValue } from './json-text.ts';
import { quote } from './scalar-codec.ts';
import { wellKnownCodec } from './well-known-codec.ts';

const noBytes = new Uint8Array();

/** google.protobuf.Any as ProtoJSON has it: the message's members after `@type`, or `value` for types with a form of their own. */
export function anyCodec(registry: Registry, messages: MessageCodecs): Codec<Any> {
  return {
    decode: (value, options) => {
      if (value instanceof Map && value.size === 0)
        return { $typeName: 'google.protobuf.Any', typeUrl: '', value: noBytes };
      const { type, typeUrl, object } = readType(value, registry);
      const message = isWellKnown(type)
        ? decodeValue(object, messages(type), options)
        : (messages(type).decode(withoutType(object), options) as Message);
      return { $typeName: 'google.protobuf.Any', typeUrl, value: toBinary(type, message) };
    },
    encode: (value) => {
      if (value.typeUrl === '') return '{}';
      const head = `{"@type":${quote(value.typeUrl)}`;
      const type = registry.getMessage(typeNameOf(value.typeUrl));
      // What this build does not know is named, not shown.
      if (type === undefined) return `${head}}`;
      const text = messages(type).encode(fromBinary(type, value.value));
      if (isWellKnown(type)) return `${head},"value":${text}}`;
      return text === '{}' ? `${head}}` : `${head},${text.slice(1)}`;
    },
  };
}

function withoutType(object: JsonObject): JsonObject {
  const content = new Map(object);
  content.delete('@type');
  return content;
}

/** The message in `value`, beside which nothing but `@type` may stand. */
function decodeValue(object: JsonObject, codec: Codec, options: DecodeOptions): Message {
  const stranger = [...object.keys()].find((key) => key !== '@type' && key !== 'value');
  if (stranger !== undefined && !options.lenient) throw at(new DecodeError('unknown_field'), stranger);
  try {
    return codec.decode(object.get('value') ?? null, options) as Message;
  } catch (error) {
    throw at(error, 'value');
  }
}

function isWellKnown(type: DescMessage): boolean {
  return type.typeName === 'google.protobuf.Any' || wellKnownCodec(type) !== undefined;
}

function typeNameOf(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf('/') + 1);
}

function readType(value: JsonValue, registry: Registry): { type: DescMessage; typeUrl: string; object: JsonObject } {
  if (!(value instanceof Map)) throw new DecodeError('type.object');
  const typeUrl = value.get('@type');
  const type = typeof typeUrl === 'string' ? registry.getMessage(typeNameOf(typeUrl)) : undefined;
  if (typeof typeUrl !== 'string' || type === undefined) throw new DecodeError('any.type');
  return { type, typeUrl, object: value };
}
