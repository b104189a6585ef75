import { describe, expect, it } from '@jest/globals';
import { createKeyedQueue } from './keyed-queue.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('createKeyedQueue', () => {
  it('runs one key in order and different keys side by side', async () => {
    const queue = createKeyedQueue(4);
    const log: string[] = [];
    const task = (name: string) => async () => {
      log.push(`+${name}`);
      await tick();
      log.push(`-${name}`);
    };
    queue.run('a', task('a1'));
    queue.run('a', task('a2'));
    queue.run('b', task('b1'));
    await queue.idle();
    expect(log.indexOf('+a2')).toBeGreaterThan(log.indexOf('-a1'));
    expect(log.indexOf('+b1')).toBeLessThan(log.indexOf('-a1'));
  });

  it('has room only for so many', async () => {
    const queue = createKeyedQueue(1);
    const { promise, resolve: release } = Promise.withResolvers<void>();
    queue.run('a', () => promise);
    let hasRoom = false;
    const waiting = queue.room().then(() => {
      hasRoom = true;
    });
    await tick();
    expect(hasRoom).toBe(false);
    release();
    await waiting;
    expect(hasRoom).toBe(true);
  });
});
