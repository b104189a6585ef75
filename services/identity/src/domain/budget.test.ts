import { describe, expect, it } from '@jest/globals';
import { endOfPart, partAt, secondsUntilRoom, sumUses } from './budget.ts';

const windowMs = 60_000;
const start = new Date('2026-11-22T18:00:00Z');
const part = partAt(start, windowMs);
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);
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

  it('is over when the part ends', () => {
    expect(endOfPart(part, windowMs)).toEqual(after(66));
  });
});
