/**
 * Milliseconds since the epoch by the clock's word at the start of the process, and evenly onward. A clock that is set forward would empty all windows, and one
 * that is set back would keep them full until it has caught up.
 */
export function steadyNow(): number {
  return performance.timeOrigin + performance.now();
}
