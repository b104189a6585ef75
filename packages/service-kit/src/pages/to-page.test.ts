import { describe, expect, it } from '@jest/globals';
import { requireCursor } from './page-token.ts';
import { toPage, toPageSize } from './to-page.ts';

describe('toPageSize', () => {
  it.each([
    [0, 20],
    [1, 1],
    [100, 100],
    [101, 100],
  ])('turns %i into %i', (wanted, size) => {
    expect(toPageSize(wanted)).toBe(size);
  });
});

describe('toPage', () => {
  const scope = { key: 'key', list: ['words'] };
  const next = { ...scope, cursorOf: (word: string) => [word] };

  it('goes on after the last row that is shown', () => {
    const page = toPage(['a', 'b', 'c'], 2, next);
    expect(page.rows).toEqual(['a', 'b']);
    expect(requireCursor(scope, page.nextPageToken)).toEqual(['b']);
  });

  it.each([[['a', 'b']], [['a']], [[]]])('ends with %j, of which two fit', (rows) => {
    expect(toPage(rows, 2, next)).toEqual({ rows, nextPageToken: '' });
  });
});
