import { createPageToken, type PageScope } from './page-token.ts';

const usualSize = 20;
const largestSize = 100;

/** How many rows a page has: 20 when the caller does not say, at most 100. */
export function toPageSize(wanted: number): number {
  return wanted === 0 ? usualSize : Math.min(wanted, largestSize);
}

/** A page of rows, of which one more than the page's size was read to know whether another follows. */
export function toPage<R>(
  rows: readonly R[],
  size: number,
  next: PageScope & { cursorOf(row: R): readonly string[] },
): { rows: readonly R[]; nextPageToken: string } {
  const page = rows.slice(0, size);
  const last = page.at(-1);
  const hasMore = rows.length > size && last !== undefined;
  return { rows: page, nextPageToken: hasMore ? createPageToken(next, next.cursorOf(last)) : '' };
}
