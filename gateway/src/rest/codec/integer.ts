import { DecodeError } from './decode-error.ts';

export interface IntegerRange {
  readonly min: number;
  readonly max: number;
}

export const integerRanges = {
  int32: { min: -0x80000000, max: 0x7fffffff },
  uint32: { min: 0, max: 0xffffffff },
} as const satisfies Record<string, IntegerRange>;

/** Checks a 32-bit integer; `1.0`, `1e2` and `-0` are integers. Throws `type.integer` or `integer.range`. */
export function toInteger(value: unknown, range: IntegerRange): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new DecodeError('type.integer');
  if (value < range.min || value > range.max) {
    throw new DecodeError('integer.range', { min: range.min, max: range.max });
  }
  // -0 becomes 0, which is what the wire makes of it.
  return value + 0;
}

/** Checks a 64-bit integer, of which we take those that a JSON number holds exactly (up to 2^53 − 1 either way). */
export function toLong(value: unknown, unsigned: boolean): bigint {
  const min = unsigned ? 0 : Number.MIN_SAFE_INTEGER;
  return BigInt(toInteger(value, { min, max: Number.MAX_SAFE_INTEGER }));
}
