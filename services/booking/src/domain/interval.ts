/** A span of time in epoch milliseconds; `to` is outside it. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Sorted by `from`; no two have a moment in common. */
export type Intervals = readonly Interval[];

/** Sorts intervals and joins those that overlap or touch; empty ones vanish. */
export function mergeIntervals(intervals: Iterable<Interval>): Interval[] {
  const sorted = [...intervals].filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
  const merged: Interval[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (!last || last.to < next.from) merged.push(next);
    else if (last.to < next.to) merged[merged.length - 1] = { from: last.from, to: next.to };
  }
  return merged;
}

/** What lies in both. */
export function intersectIntervals(a: Intervals, b: Intervals): Interval[] {
  const common: Interval[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const left = a[i] as Interval;
    const right = b[j] as Interval;
    const from = Math.max(left.from, right.from);
    const to = Math.min(left.to, right.to);
    if (from < to) common.push({ from, to });
    if (left.to < right.to) i++;
    else j++;
  }
  return common;
}

/** What lies in `intervals` and in none of `others`, which may be in any order. */
export function subtractIntervals(intervals: Intervals, others: Iterable<Interval>): Interval[] {
  const gaps: Interval[] = [];
  let from = Number.NEGATIVE_INFINITY;
  for (const other of mergeIntervals(others)) {
    gaps.push({ from, to: other.from });
    from = other.to;
  }
  return intersectIntervals(intervals, [...gaps, { from, to: Number.POSITIVE_INFINITY }]);
}

/** The interval that contains the moment. */
export function findIntervalAt<T extends Interval>(intervals: readonly T[], moment: number): T | undefined {
  const found = intervals[indexEndingAfter(intervals, moment)];
  return found && found.from <= moment ? found : undefined;
}

/** Whether one of the intervals contains the whole of `span`. */
export function coversSpan(intervals: Intervals, span: Interval): boolean {
  const found = intervals[indexEndingAfter(intervals, span.from)];
  return found !== undefined && found.from <= span.from && span.to <= found.to;
}

/** Whether one of the intervals has a moment in common with `span`; touching is no overlap. */
export function overlapsSpan(intervals: Intervals, span: Interval): boolean {
  const found = intervals[indexEndingAfter(intervals, span.from)];
  return found !== undefined && found.from < span.to;
}

// The first interval that ends after the moment.
function indexEndingAfter(intervals: Intervals, moment: number): number {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((intervals[middle] as Interval).to > moment) high = middle;
    else low = middle + 1;
  }
  return low;
}
