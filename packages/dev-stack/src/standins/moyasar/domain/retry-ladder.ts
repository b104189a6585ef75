/** Waits before the second and later attempts, in minutes: attempts happen at 0, 1, 11, 41, 101 and 221 minutes, then the event is dropped. */
const waitsInMinutes = [1, 10, 30, 60, 120] as const;

/** Milliseconds to wait after the attempt with this number (0 = first), or undefined when it was the last. */
export function nextWaitMs(retryNumber: number, timeFactor: number): number | undefined {
  const minutes = waitsInMinutes[retryNumber];
  return minutes === undefined ? undefined : (minutes * 60_000) / timeFactor;
}
