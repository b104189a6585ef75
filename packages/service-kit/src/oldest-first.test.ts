import { describe, expect, it } from '@jest/globals';
import { oldestFirst } from './oldest-first.ts';

describe('oldestFirst', () => {
  it('finds the oldest entry while entries come, go and are renewed', () => {
    const entries = new Map<string, { n: number }>();
    const oldest = oldestFirst(entries);
    expect(oldest()).toBeUndefined();
    for (const [n, key] of ['a', 'b', 'c', 'd'].entries()) entries.set(key, { n });
    expect(oldest()?.[0]).toBe('a');
    entries.delete('a');
    entries.set('a', { n: 5 });
    expect(oldest()?.[0]).toBe('b');
    entries.delete('c');
    entries.delete('b');
    expect(oldest()?.[0]).toBe('d');
    entries.delete('d');
    expect(oldest()).toEqual(['a', { n: 5 }]);
    entries.clear();
    expect(oldest()).toBeUndefined();
    entries.set('e', { n: 6 });
    expect(oldest()?.[0]).toBe('e');
  });

  it('agrees with a walk from the start, whatever happens', () => {
    const entries = new Map<number, object>();
    const oldest = oldestFirst(entries);
    for (let step = 0; step < 20_000; step += 1) {
      const key = (step * 7_919) % 613;
      entries.delete(key);
      if (step % 3 > 0) entries.set(key, {});
      if (entries.size > 200) entries.delete(oldest()?.[0] ?? -1);
      expect(oldest()?.[0]).toBe(entries.keys().next().value);
    }
  });
});
