import { describe, expect, it } from '@jest/globals';
import { toErrorEvent, toEvent, toRetry } from './event-text.ts';

describe('the text of an event', () => {
  it.each([
    ['{}', '7', 'id: 7\ndata: {}\n\n'],
    ['{}', '', 'data: {}\n\n'],
    ['{}', 'م', 'id: م\ndata: {}\n\n'],
    ['{}', 'a\nevent: error', 'data: {}\n\n'],
    ['{}', 'a\rb', 'data: {}\n\n'],
    ['{}', 'a\0b', 'data: {}\n\n'],
  ])('of %s with the id %j', (json, id, text) => {
    expect(toEvent(json, id)).toBe(text);
  });

  it('names errors', () => {
    expect(toErrorEvent('{}')).toBe('event: error\ndata: {}\n\n');
  });

  it('spreads the return of clients over twice the time', () => {
    for (let round = 0; round < 100; round++) {
      const ms = Number(/^retry: (\d+)\n\n$/.exec(toRetry(1_000))?.[1]);
      expect(ms).toBeGreaterThanOrEqual(1_000);
      expect(ms).toBeLessThanOrEqual(2_000);
    }
  });
});
