import type { Interval } from '../domain/interval.ts';

/** A `tstzrange` of the interval. */
export function toRange({ from, to }: Interval): string {
  return `[${new Date(from).toISOString()},${new Date(to).toISOString()})`;
}
