import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { isWrapperDesc } from '@bufbuild/protobuf/wkt';
import type { Codec } from './codec.ts';
import { enumCodec } from './enum-codec.ts';
import { listCodec } from './list-codec.ts';
import { mapCodec } from './map-codec.ts';
import { scalarCodec } from './scalar-codec.ts';
import { structFieldCodec } from './struct-codec.ts';
import { unboxedCodec } from './well-known-codec.ts';

/** Finds the codec of a message type; called when first needed, so that recursive types end. */
export type MessageCodecs = (type: DescMessage) => Codec;

/** The codec of a field's whole value: of the list or map where it is one. */
export function fieldCodec(field: DescField, messages: MessageCodecs): Codec {
  switch (field.fieldKind) {
    case 'list':
      return listCodec(elementCodec(field, messages)) as Codec;
    case 'map':
      return mapCodec(field.mapKey, elementCodec(field, messages)) as Codec;
    default:
      return elementCodec(field, messages);
  }
}

/** The codec of one element of a list or map, or of a singular field. */
export function elementCodec(field: DescField, messages: MessageCodecs): Codec {
  if (field.enum !== undefined) return enumCodec(field.enum) as Codec;
  if (field.message === undefined) return scalarCodec(field.scalar);
  if (field.message.typeName === 'google.protobuf.Struct' && field.parent.typeName !== 'google.protobuf.Value') {
    return structFieldCodec;
  }
  if (isUnboxed(field)) return unboxedCodec(field.message);
  return lazyCodec(field.message, messages);
}

/** protobuf-es keeps a wrapper in a singular field outside oneofs as its bare value. */
function isUnboxed(field: DescField): boolean {
  return (
    field.fieldKind === 'message' &&
    field.oneof === undefined &&
    field.message !== undefined &&
    isWrapperDesc(field.message)
  );
}

function lazyCodec(type: DescMessage, messages: MessageCodecs): Codec {
  let codec: Codec | undefined;
  const resolve = (): Codec => {
    codec ??= messages(type);
    return codec;
  };
  return {
    decode: (value, options) => (codec ?? resolve()).decode(value, options),
    encode: (value) => (codec ?? resolve()).encode(value),
  };
}

/** Whether JSON null is a value of the field and not its absence. */
export function takesNull(field: DescField): boolean {
  return (
    field.message?.typeName === 'google.protobuf.Value' ||
    (field.enum?.typeName === 'google.protobuf.NullValue' && field.fieldKind !== 'map')
  );
}
