import { create, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import type { Codec, DecodeOptions } from './codec.ts';
import { at, DecodeError } from './decode-error.ts';
import { fieldGetter, fieldSetter, isOneofSet } from './field-access.ts';
import { fieldCodec, type MessageCodecs, takesNull } from './field-codec.ts';
import type { JsonObject, JsonValue } from './json-text.ts';

interface FieldReader {
  /** The other accepted spelling of the field's name, where there is one. */
  readonly otherName: string | undefined;
  read(message: Message, value: JsonValue, options: DecodeOptions): void;
}

/** Compiles an ordinary message: a closure for each field, looked up by proto name and by camelCase name. */
export function messageCodec(type: DescMessage, messages: MessageCodecs): Codec<Message> {
  const readers = toReaders(type, messages);
  const writers = type.fields.map((field) => toWriter(field, messages));
  return {
    decode: (value, options) => {
      if (!(value instanceof Map)) throw new DecodeError('type.object');
      const message = create(type);
      readMembers(message, value, { readers, options });
      return message;
    },
    encode: (message) => {
      let text = '';
      for (const write of writers) text = write(message, text);
      return `{${text}}`;
    },
  };
}

interface Reading {
  readonly readers: ReadonlyMap<string, FieldReader>;
  readonly options: DecodeOptions;
}

function readMembers(message: Message, object: JsonObject, { readers, options }: Reading): void {
  for (const [key, value] of object) {
    const reader = readers.get(key);
    try {
      if (reader !== undefined) {
        if (reader.otherName !== undefined && object.has(reader.otherName)) throw new DecodeError('json.duplicate_key');
        reader.read(message, value, options);
      } else if (!options.lenient) {
        throw new DecodeError('unknown_field');
      }
    } catch (error) {
      throw at(error, key);
    }
  }
}

function toReaders(type: DescMessage, messages: MessageCodecs): ReadonlyMap<string, FieldReader> {
  const readers = new Map<string, FieldReader>();
  for (const field of type.fields) {
    const read = toReader(field, messages);
    const distinct = field.jsonName !== field.name;
    readers.set(field.jsonName, { read, otherName: distinct ? field.name : undefined });
    readers.set(field.name, { read, otherName: distinct ? field.jsonName : undefined });
  }
  return readers;
}

function toReader(field: DescField, messages: MessageCodecs): FieldReader['read'] {
  const codec = fieldCodec(field, messages);
  const set = fieldSetter(field);
  const isNullAbsence = !takesNull(field);
  return (message, value, options) => {
    if (value === null && isNullAbsence) return;
    if (isOneofSet(message, field)) throw new DecodeError('oneof', { name: field.oneof?.name ?? '' });
    set(message, codec.decode(value, options));
  };
}

/** Appends `"name":value` to the text so far; unset messages and unset optional fields are left out. */
function toWriter(field: DescField, messages: MessageCodecs): (message: Message, text: string) => string {
  const codec = fieldCodec(field, messages);
  const get = fieldGetter(field);
  const first = `"${field.name}":`;
  const next = `,"${field.name}":`;
  return (message, text) => {
    const value = get(message);
    if (value === undefined) return text;
    return text === '' ? first + codec.encode(value) : text + next + codec.encode(value);
  };
}
