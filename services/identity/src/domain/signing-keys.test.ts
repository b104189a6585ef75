import { describe, expect, it } from '@jest/globals';
import { earlyKeyAt, nextKeyAt, pendingKeyAt, publishedKeysAt, signingKeyAt } from './signing-keys.ts';

const now = new Date('2026-11-22T18:00:00Z');
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const schedule = { rotationMs: 90 * 24 * 3_600_000, leadMs: 15 * 60_000, overlapMs: 20 * 60_000 };
const first = { generation: 1, activeFrom: at(-1000) };
const second = { generation: 2, activeFrom: at(10) };

describe('signing keys', () => {
  it('sign from their start on, until the next one does', () => {
    expect(signingKeyAt([], now)).toBeUndefined();
    expect(signingKeyAt([second, first], now)).toBe(first);
    expect(signingKeyAt([first, second], at(10))).toBe(second);
  });

  it('are both published from the making of the second until the last token of the first is dead', () => {
    expect(publishedKeysAt([first, second], now, schedule)).toEqual([first, second]);
    expect(publishedKeysAt([second, first], at(29), schedule)).toEqual([first, second]);
    expect(publishedKeysAt([first, second], at(30), schedule)).toEqual([second]);
  });

  it('are made when there is none, and when the newest is old', () => {
    expect(nextKeyAt([], now, schedule)).toEqual({ generation: 1, activeFrom: now });
    expect(nextKeyAt([first], now, schedule)).toBeUndefined();
    const old = { generation: 4, activeFrom: new Date(now.getTime() - schedule.rotationMs) };
    expect(nextKeyAt([first, old], now, schedule)).toEqual({ generation: 5, activeFrom: at(15) });
  });

  it('can be made early, and wait then', () => {
    const early = earlyKeyAt([first], now, schedule);
    expect(early).toEqual({ generation: 2, activeFrom: at(15) });
    expect(pendingKeyAt([first, early], now)).toBe(early);
    expect(pendingKeyAt([first, early], at(15))).toBeUndefined();
  });

  it('that are withdrawn neither sign nor are published, and their numbers are not given again', () => {
    const [lost, next] = [
      { ...second, retiredAt: now },
      { generation: 3, activeFrom: now },
    ];
    expect(signingKeyAt([first, lost], at(20))).toBe(first);
    expect(publishedKeysAt([{ ...first, retiredAt: now }, lost, next], now, schedule)).toEqual([next]);
    expect(nextKeyAt([lost], now, schedule)).toEqual(next);
    expect(earlyKeyAt([first, lost], now, schedule).generation).toBe(3);
    expect(pendingKeyAt([first, lost], now)).toBeUndefined();
  });

  it('are made to sign at once where none signs, though one waits', () => {
    expect(nextKeyAt([second], now, schedule)).toEqual({ generation: 3, activeFrom: now });
    expect(pendingKeyAt([second], now)).toBeUndefined();
  });
});
