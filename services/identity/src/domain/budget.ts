/** What may be used so often in any span of so long. */
export interface Limit {
  max: number;
  windowMs: number;
}

/** Uses in the parts of a window, the newest first, and the number of the newest part since 1970. */
export interface Uses {
  part: number;
  counts: readonly number[];
}

// Eleven parts of a tenth: a use counts for at least a window, so no window ever holds more than the limit.
const partsOfWindow = 10;
export const keptParts = partsOfWindow + 1;

/** The part of a window that a time falls into. */
export function partAt(now: Date, windowMs: number): number {
  return Math.floor(now.getTime() / partLength(windowMs));
}

/** When the uses of a part stop to count. */
export function endOfPart(part: number, windowMs: number): Date {
  return new Date((part + keptParts) * partLength(windowMs));
}

/** How much is used at `now`. */
export function sumUses({ part, counts }: Uses, now: Date, windowMs: number): number {
  const age = Math.max(0, partAt(now, windowMs) - part);
  return sum(counts.slice(0, Math.max(0, keptParts - age)));
}

/** Whole seconds until there is room for so much more, at least 1. More than the limit itself has to wait for a whole window. */
export function secondsUntilRoom(uses: Uses, cost: number, { max, windowMs }: Limit, now: Date): number {
  const counted = uses.counts.slice(0, keptParts);
  const leaving = counted.map((_, gone) => sum(counted.slice(0, keptParts - gone - 1)) + cost <= max);
  const needed = leaving.indexOf(true);
  const shifts = (needed === -1 ? keptParts - 1 : needed) + 1;
  const until = (uses.part + shifts) * partLength(windowMs) - now.getTime();
  return Math.max(1, Math.ceil(until / 1000));
}

function partLength(windowMs: number): number {
  return windowMs / partsOfWindow;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
