import { describe, expect, it } from '@jest/globals';
import { createCounterTable } from './counter-table.ts';
import type { Policy } from './policy.ts';

const policy: Policy = { name: 'read-address', rateClass: 'read', kind: 'address', limit: 100, windowSeconds: 60 };
const start = 1_800_000_000_000;

describe('a table of counters', () => {
  it('counts each key on its own and lets the window slide', () => {
    const table = createCounterTable(policy);
    table.add('a', start);
    table.add('a', start + 30_000);
    table.add('b', start);
    expect([table.used('a', start + 30_000), table.used('b', start), table.used('c', start)]).toEqual([2, 1, 0]);
    expect([table.used('a', start + 66_000), table.used('a', start + 96_000)]).toEqual([1, 0]);
    expect(table.freeAt('b', start)).toBe(start + 66_000);
  });

  it('tells the others once a twentieth of the limit is new, and each use where the limit is small', () => {
    const table = createCounterTable(policy);
    expect(Array.from({ length: 11 }, () => table.add('a', start))).toEqual([0, 0, 0, 0, 5, 0, 0, 0, 0, 5, 0]);
    const small = createCounterTable({ ...policy, limit: 10 });
    expect([small.add('a', start), small.add('a', start)]).toEqual([1, 1]);
  });

  it('adds what others told, above the limit too, and then waits until fewer are left', () => {
    const table = createCounterTable(policy);
    table.addTold('a', start, 90);
    table.addTold('a', start + 12_000, 60);
    expect(table.used('a', start + 12_000)).toBe(150);
    expect(table.freeAt('a', start + 12_000)).toBe(start + 66_000);
  });

  it('stays bounded under a flood of new keys, which resets nobody near the limit', () => {
    const table = createCounterTable(policy, 5_000);
    for (let use = 0; use < 100; use += 1) table.add('spent', start);
    for (let use = 0; use < 40; use += 1) table.add('busy', start);
    for (let key = 0; key < 100_000; key += 1) {
      table.add(`flood-${key}`, start + key / 10);
      if (key % 1_000 === 0) expect(table.size).toBeLessThanOrEqual(5_000);
    }
    expect([table.used('spent', start + 10_000), table.used('busy', start + 10_000)]).toEqual([100, 40]);
  });

  it('forgets keys that are out of use', () => {
    const table = createCounterTable(policy);
    for (let key = 0; key < 100; key += 1) table.add(`k${key}`, start);
    table.sweep(start + 59_000);
    expect(table.size).toBe(100);
    table.sweep(start + 70_000);
    expect(table.size).toBe(0);
  });
});
