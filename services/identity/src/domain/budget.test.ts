import { describe, expect, it } from '@jest/globals';
import { endOfPart, partAt, secondsUntilRoom, sumUses } from './budget.ts';

const windowMs = 60_000;
const start = new Date('2026-11-22T18:00:00Z');
const part = partAt(start, windowMs);
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);

/** Whole numbers below a bound, the same ones in each run. */
function createRandom(seed = 7) {
  let state = seed;
  return (bound: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * bound);
  };
}

const uses = (...counts: number[]) => ({ part, counts: [...counts, ...new Array<number>(11 - counts.length).fill(0)] });

describe('sumUses', () => {
  it.each([
    ['all of them at once', uses(3, 2), 0, 5],
    ['all of them at the end of the window', uses(3), 60, 3],
    ['none when the last part has left', uses(3), 66, 0],
    ['the younger ones when the older have left', uses(3, 0, 4), 54, 3],
    ['all of them for a clock that is behind', uses(3, 2), -30, 5],
  ] as const)('counts %s', (_, counted, seconds, expected) => {
    expect(sumUses(counted, after(seconds), windowMs)).toBe(expected);
  });

  it('never forgets a use before a whole window is over', () => {
    for (let offset = 0; offset < 6; offset += 0.5) {
      const usedAt = after(offset);
      const counted = { part: partAt(usedAt, windowMs), counts: uses(1).counts };
      expect(sumUses(counted, new Date(usedAt.getTime() + windowMs), windowMs)).toBe(1);
    }
  });
});

describe('secondsUntilRoom', () => {
  it.each([
    ['one of a full part', uses(10), 1, 10, 66],
    ['one, when an old part leaves first', uses(9, 0, 0, 1), 1, 10, 48],
    ['two of it', uses(9, 0, 0, 1), 2, 10, 66],
    ['more than there ever is', uses(1), 11, 10, 66],
  ] as const)('is right for %s', (_, counted, cost, max, expected) => {
    const limit = { max, windowMs };
    const wait = secondsUntilRoom(counted, cost, limit, start);
    expect(wait).toBe(expected);
    if (cost <= max) expect(sumUses(counted, after(wait), windowMs) + cost).toBeLessThanOrEqual(max);
    if (cost <= max) expect(sumUses(counted, after(wait - 1), windowMs) + cost).toBeGreaterThan(max);
  });

  it.each([windowMs, 3_600_000, 24 * 3_600_000])(
    'is the real wait, to the second, in a window of %d ms',
    (lengthMs) => {
      const random = createRandom();
      let waits = 0;
      for (let run = 0; run < 2_000; run++) {
        const counts = Array.from({ length: 11 }, () => random(4));
        const [max, cost] = [1 + random(20), 1];
        // Some clocks are behind the one that counted last.
        const now = new Date(start.getTime() + random(lengthMs * 1.5) - lengthMs / 4);
        const counted = { part: partAt(start, lengthMs), counts };
        const isFull = (at: number) => sumUses(counted, new Date(at), lengthMs) + cost > max;
        if (!isFull(now.getTime())) continue;
        waits++;
        const wait = secondsUntilRoom(counted, cost, { max, windowMs: lengthMs }, now) * 1000;
        expect(isFull(now.getTime() + wait)).toBe(false);
        expect(isFull(now.getTime() + wait - 1000)).toBe(true);
      }
      expect(waits).toBeGreaterThan(100);
    },
  );

  it('is over when the part ends', () => {
    expect(endOfPart(part, windowMs)).toEqual(after(66));
  });
});
