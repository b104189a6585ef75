import { describe, expect, it } from '@jest/globals';
import type { CalendarStaff } from './calendar.ts';
import { chooseStaff, toClaims } from './choose-staff.ts';
import type { FreeItem } from './decide-start.ts';

const staffOf = (id: string, busy: [number, number][] = []): CalendarStaff => ({
  id,
  name: { ar: id, en: id },
  serviceIds: [],
  windows: [],
  busy: busy.map(([from, to]) => ({ from, to })),
});

function itemOf(free: CalendarStaff[], [from, to]: [number, number], buffer = 0): FreeItem {
  const claim = { from: from - buffer, to: to + buffer };
  return { item: { candidates: free, isAnyStaff: true } as never, span: { from, to }, claim, free };
}

const day = { from: 0, to: 100 };
const chosen = (items: FreeItem[]) => chooseStaff(items, day).map(({ staff }) => staff.id);

describe('chooseStaff', () => {
  it('takes who has the fewest appointments that day', () => {
    const a = staffOf('a', [
      [1, 2],
      [3, 4],
    ]);
    const b = staffOf('b', [
      [1, 2],
      [101, 102],
      [103, 104],
    ]);
    expect(chosen([itemOf([a, b], [10, 20])])).toEqual(['b']);
  });

  it('stays with who is there already among equals', () => {
    const [a, b] = [staffOf('a'), staffOf('b')];
    expect(chosen([itemOf([b], [10, 20]), itemOf([a, b], [20, 30])])).toEqual(['b', 'b']);
    expect(chosen([itemOf([a, b], [10, 20])])).toEqual(['a']);
  });
});

describe('toClaims', () => {
  it('joins what one person does back to back, and orders by subject', () => {
    const [a, b] = [staffOf('a'), staffOf('b')];
    const items = [itemOf([b], [10, 20], 2), itemOf([b], [20, 30], 2), itemOf([a], [30, 40]), itemOf([b], [40, 50], 2)];
    expect(toClaims(chooseStaff(items, day))).toEqual([
      { subject: 'a', from: 30, to: 40 },
      { subject: 'b', from: 8, to: 32 },
      { subject: 'b', from: 38, to: 52 },
    ]);
  });
});
