/** Full parts that a window is divided into; the one that is running comes on top. */
const parts = 10;
const ringSize = parts + 1;

/** How often something was used in a sliding window, to a tenth of it. */
export interface WindowCount {
  /** Ring of the uses in each part. */
  readonly uses: number[];
  /** The part that is running, counted from the epoch. */
  part: number;
  total: number;
  /** Own uses that the other replicas do not know of. */
  untold: number;
}

/** Milliseconds of a part. */
export function partMsOf(windowSeconds: number): number {
  return (windowSeconds * 1_000) / parts;
}

export function createWindowCount(part: number): WindowCount {
  return { uses: new Array<number>(ringSize).fill(0), part, total: 0, untold: 0 };
}

/** Forgets what has left the window. A clock that went back changes nothing. */
export function advance(count: WindowCount, part: number): void {
  const passed = Math.min(part - count.part, ringSize);
  if (passed <= 0) return;
  for (let step = 1; step <= passed; step += 1) {
    const index = (count.part + step) % ringSize;
    count.total -= count.uses[index] ?? 0;
    count.uses[index] = 0;
  }
  count.part = part;
  // What has left the window is no news to anybody.
  if (count.untold > count.total) count.untold = count.total;
}

/** Adds uses to the running part; call {@link advance} before. */
export function addUses(count: WindowCount, uses: number): void {
  const index = count.part % ringSize;
  count.uses[index] = (count.uses[index] ?? 0) + uses;
  count.total += uses;
}

/** The part in which so many uses will have left the window that fewer than `below` are in it; the running one where that is so now. */
export function partBelow(count: WindowCount, below: number): number {
  let left = count.total;
  for (let part = count.part - parts; part <= count.part && left >= below; part += 1) {
    left -= count.uses[((part % ringSize) + ringSize) % ringSize] ?? 0;
    if (left < below) return part + ringSize;
  }
  return count.part;
}
