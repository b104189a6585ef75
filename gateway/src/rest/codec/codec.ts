import type { JsonValue } from './json-text.ts';

/**
 * How a request is read. `lenient` is what the old backend was, and what clients of /api/auth/ rely on: members that no field has are
 * ignored, and a whole number counts as text where text is wanted. Everywhere else both are refused.
 */
export interface DecodeOptions {
  readonly lenient: boolean;
}

/**
 * One kind of value in both directions, compiled once. `decode` gives what protobuf-es keeps in the message (its local form) or throws
 * {@link DecodeError}; `encode` gives JSON text.
 */
export interface Codec<T = unknown> {
  decode(value: JsonValue, options: DecodeOptions): T;
  encode(value: T): string;
}
