import { dropLeastUsed } from './drop-least-used.ts';
import type { Policy } from './policy.ts';
import { addUses, advance, createWindowCount, partBelow, partMsOf, type WindowCount } from './window-count.ts';

/** What one replica knows of the use of one policy, by key. Times are milliseconds since the epoch. */
export interface CounterTable {
  readonly policy: Policy;
  readonly size: number;
  used(key: string, now: number): number;
  /** When the key may be used again or, where it may be now, when the oldest of its uses leaves the window; `now` where there is none. */
  freeAt(key: string, now: number): number;
  /** Counts one use. Returns how many the others should be told of: 0 until there are enough to be worth a message. */
  add(key: string, now: number): number;
  /** Counts uses that another replica told of. */
  addTold(key: string, now: number, uses: number): void;
  /** Forgets the keys that have no use left in the window. */
  sweep(now: number): void;
}

/** Room for this many keys in each table, about 250 bytes each. */
export const defaultMaxKeys = 50_000;

/** A replica tells of a key when it has used this share of the limit since it last told. */
const toldShare = 20;

/**
 * A bounded table. When it is full, those keys go first that have used least of their limit: whoever floods it with new addresses throws out other new
 * addresses, and none that is near its limit.
 */
export function createCounterTable(policy: Policy, maxKeys = defaultMaxKeys): CounterTable {
  const counts = new Map<string, WindowCount>();
  const partMs = partMsOf(policy.windowSeconds);
  const worthTelling = Math.max(1, Math.floor(policy.limit / toldShare));

  function find(key: string, now: number): WindowCount | undefined {
    const count = counts.get(key);
    if (count !== undefined) advance(count, Math.floor(now / partMs));
    return count;
  }

  function require(key: string, now: number): WindowCount {
    const known = find(key, now);
    if (known !== undefined) return known;
    if (counts.size >= maxKeys) makeRoom(now);
    const count = createWindowCount(Math.floor(now / partMs));
    counts.set(key, count);
    return count;
  }

  function sweep(now: number): void {
    for (const [key, count] of counts) {
      advance(count, Math.floor(now / partMs));
      if (count.total === 0) counts.delete(key);
    }
  }

  /** A quarter at once, so that the work is rare. */
  function makeRoom(now: number): void {
    sweep(now);
    const surplus = counts.size - Math.floor(maxKeys * 0.75);
    if (surplus > 0) dropLeastUsed(counts, policy.limit, surplus);
  }

  return {
    policy,
    get size() {
      return counts.size;
    },
    used: (key, now) => find(key, now)?.total ?? 0,
    freeAt: (key, now) => {
      const count = find(key, now);
      if (count === undefined || count.total === 0) return now;
      return partBelow(count, Math.min(count.total, policy.limit)) * partMs;
    },
    add: (key, now) => {
      const count = require(key, now);
      addUses(count, 1);
      count.untold += 1;
      return count.untold < worthTelling ? 0 : takeUntold(count);
    },
    addTold: (key, now, uses) => addUses(require(key, now), Math.min(uses, policy.limit)),
    sweep,
  };
}

function takeUntold(count: WindowCount): number {
  const { untold } = count;
  count.untold = 0;
  return untold;
}
