import { type DescMessage, fromBinary, type Message, type Registry, toBinary } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { Codec } from './codec.ts';
import { DecodeError } from './decode-error.ts';
import type { MessageCodecs } from './field-codec.ts';
import type { JsonObject, JsonValue } from './json-text.ts';
import { quote } from './scalar-codec.ts';
import { wellKnownCodec } from './well-known-codec.ts';

/** google.protobuf.Any as ProtoJSON has it: the message's members after `@type`, or `value` for types with a form of their own. */
export function anyCodec(registry: Registry, messages: MessageCodecs): Codec<Any> {
  return {
    decode: (value, options) => {
      const { type, typeUrl, object } = readType(value, registry);
      const content = new Map(object);
      content.delete('@type');
      const inner = isWellKnown(type) ? (object.get('value') ?? null) : content;
      const message = messages(type).decode(inner, options) as Message;
      return { $typeName: 'google.protobuf.Any', typeUrl, value: toBinary(type, message) };
    },
    encode: (value) => {
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
