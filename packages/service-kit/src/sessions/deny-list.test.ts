import { describe, expect, it } from '@jest/globals';
import { createDenyList } from './deny-list.ts';

const session = { userId: 'u1', sessionId: 's1', sessionVersion: 3 };

describe('createDenyList', () => {
  it('denies the session that ended, and no other of the user', () => {
    const list = createDenyList({ keepMs: 1_000, capacity: 10 });
    list.add({ userId: 'u1', sessionId: 's1', sessionVersion: 0 }, 0);
    expect(list.isDenied(session)).toBe(true);
    expect(list.isDenied({ ...session, sessionId: 's2' })).toBe(false);
  });

  it.each([
    [2, false],
    [3, false],
    [4, true],
  ])('after an end of all sessions below version %s, one of version 3 is denied: %s', (sessionVersion, isDenied) => {
    const list = createDenyList({ keepMs: 1_000, capacity: 10 });
    list.add({ userId: 'u1', sessionId: '', sessionVersion }, 0);
    expect(list.isDenied(session)).toBe(isDenied);
    expect(list.isDenied({ ...session, userId: 'u2' })).toBe(false);
  });

  it('keeps the highest version when an older event comes later', () => {
    const list = createDenyList({ keepMs: 1_000, capacity: 10 });
    list.add({ userId: 'u1', sessionId: '', sessionVersion: 4 }, 0);
    list.add({ userId: 'u1', sessionId: '', sessionVersion: 2 }, 1);
    expect(list.isDenied(session)).toBe(true);
  });

  it('forgets what is older than the longest token, and only that', () => {
    const list = createDenyList({ keepMs: 1_000, capacity: 10 });
    list.add({ userId: 'u1', sessionId: 's1', sessionVersion: 0 }, 0);
    list.add({ userId: 'u1', sessionId: 's2', sessionVersion: 0 }, 500);
    list.add({ userId: 'u1', sessionId: 's3', sessionVersion: 0 }, 1_000);
    expect(list.size).toBe(2);
    expect(list.isDenied(session)).toBe(false);
    expect(list.isWhole(1_000)).toBe(true);
  });

  it('says that it is not whole while something was dropped before its time', () => {
    const list = createDenyList({ keepMs: 1_000, capacity: 2 });
    for (const [at, sessionId] of ['s1', 's2', 's3'].entries()) {
      list.add({ userId: 'u1', sessionId, sessionVersion: 0 }, at);
    }
    expect(list.size).toBe(2);
    expect(list.isDenied(session)).toBe(false);
    expect([list.isWhole(999), list.isWhole(1_000)]).toEqual([false, true]);
  });

  it('renews what it is told again', () => {
    const list = createDenyList({ keepMs: 1_000, capacity: 2 });
    list.add({ userId: 'u1', sessionId: 's1', sessionVersion: 0 }, 0);
    list.add({ userId: 'u1', sessionId: 's2', sessionVersion: 0 }, 1);
    list.add({ userId: 'u1', sessionId: 's1', sessionVersion: 0 }, 2);
    list.add({ userId: 'u1', sessionId: 's3', sessionVersion: 0 }, 3);
    expect(list.isDenied(session)).toBe(true);
    expect(list.isDenied({ ...session, sessionId: 's2' })).toBe(false);
  });
});
