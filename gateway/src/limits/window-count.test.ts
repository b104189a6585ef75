import { describe, expect, it } from '@jest/globals';
import { addUses, advance, createWindowCount, partBelow } from './window-count.ts';

describe('a sliding window', () => {
  it('holds each use for at least a window and at most a tenth longer', () => {
    const count = createWindowCount(100);
    addUses(count, 3);
    advance(count, 110);
    expect(count.total).toBe(3);
    advance(count, 111);
    expect(count.total).toBe(0);
  });

  it('never lets more than the limit into any window, also across its edges', () => {
    const limit = 7;
    const count = createWindowCount(0);
    const taken: number[] = [];
    for (let step = 0; step < 3_000; step += 1) {
      advance(count, Math.floor(step / 10));
      if (count.total >= limit || (step * 7_919) % 13 > 6) continue;
      addUses(count, 1);
      taken.push(step);
    }
    // A window is 100 steps: ten parts of ten.
    const most = Math.max(...taken.map((from) => taken.filter((at) => at >= from && at <= from + 100).length));
    expect(most).toBe(limit);
    expect(taken.length).toBeGreaterThan(100);
  });

  it('says when so many have left that fewer than the limit are in it', () => {
    const count = createWindowCount(50);
    addUses(count, 1);
    advance(count, 53);
    addUses(count, 4);
    expect([partBelow(count, 6), partBelow(count, 5), partBelow(count, 4)]).toEqual([53, 61, 64]);
  });

  it('takes a clock that went back for one that stood still', () => {
    const count = createWindowCount(50);
    addUses(count, 2);
    advance(count, 20);
    expect([count.total, count.part]).toEqual([2, 50]);
  });

  it('forgets everything after a long pause', () => {
    const count = createWindowCount(50);
    addUses(count, 2);
    count.untold = 2;
    advance(count, 5_000_000);
    expect(count).toMatchObject({ total: 0, untold: 0, part: 5_000_000 });
  });
});
