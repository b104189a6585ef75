import { describe, expect, it } from '@jest/globals';
import { toClaims } from './to-claims.ts';

const itemOf = (staff: string, [from, to]: [number, number], resources: string[] = []) => ({
  staff: { id: staff } as never,
  resources: resources.map((id) => ({ id, busy: [] })),
  claim: { from, to },
});

describe('toClaims', () => {
  it('joins what one person does back to back, and orders by subject', () => {
    const items = [itemOf('b', [8, 22]), itemOf('b', [18, 32]), itemOf('a', [30, 40]), itemOf('b', [38, 52])];
    expect(toClaims(items)).toEqual([
      { subject: 'a', from: 30, to: 40 },
      { subject: 'b', from: 8, to: 32 },
      { subject: 'b', from: 38, to: 52 },
    ]);
  });

  it('claims resources as it claims people, once where two services share one', () => {
    const items = [itemOf('b', [0, 10], ['room', 'chair']), itemOf('a', [10, 20], ['room'])];
    expect(toClaims(items)).toEqual([
      { subject: 'a', from: 10, to: 20 },
      { subject: 'b', from: 0, to: 10 },
      { subject: 'chair', from: 0, to: 10 },
      { subject: 'room', from: 0, to: 20 },
    ]);
  });
});
