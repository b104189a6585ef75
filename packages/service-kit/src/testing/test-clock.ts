import type { Clock } from '../clock.ts';

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock {
  set(time: Date | string): void;
  advance(ms: number): void;
}

export function createTestClock(start: Date | string = '2026-11-22T09:00:00Z'): TestClock {
  let now = new Date(start).getTime();
  return {
    now: () => new Date(now),
    set(time) {
      now = new Date(time).getTime();
    },
    advance(ms) {
      now += ms;
    },
  };
}
