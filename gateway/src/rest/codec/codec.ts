import type { JsonValue } from './json-text.ts';

/** How a request is read. Under /api/auth/ members that no field has are ignored, everywhere else refused. */
export interface DecodeOptions {
  readonly ignoreUnknown: boolean;
}

/**
 * One kind of value in both directions, compiled once. `decode` gives what protobuf-es keeps in the message (its local form) or throws
 * {@link DecodeError}; `encode` gives JSON text.
 */
export interface Codec<T = unknown> {
  decode(value: JsonValue, options: DecodeOptions): T;
  encode(value: T): string;
}
