import type { DescMessage, Registry } from '@bufbuild/protobuf';
import { anyCodec } from './any-codec.ts';
import type { Codec } from './codec.ts';
import type { MessageCodecs } from './field-codec.ts';
import { messageCodec } from './message-codec.ts';
import { wellKnownCodec } from './well-known-codec.ts';

/**
 * The JSON codecs of a boot: each message type is compiled when it is first asked for and kept. Compile the routes' own types at boot; what they hold
 * follows on first use. `registry` resolves the types inside google.protobuf.Any.
 */
export function createCodecs(registry: Registry): MessageCodecs {
  const compiled = new Map<string, Codec>();
  const codecOf: MessageCodecs = (type) => {
    const known = compiled.get(type.typeName);
    if (known !== undefined) return known;
    const codec = compile(type);
    compiled.set(type.typeName, codec);
    return codec;
  };
  const compile = (type: DescMessage): Codec => {
    if (type.typeName === 'google.protobuf.Any') return anyCodec(registry, codecOf) as Codec;
    return wellKnownCodec(type) ?? (messageCodec(type, codecOf) as Codec);
  };
  return codecOf;
}
