import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** How the event loop did over one window. */
export interface LoopReading {
  /** End of the window, in milliseconds of a clock that only goes forward. */
  at: number;
  /** How late timers were on average, in milliseconds: what anything waits that is ready to run. */
  delayMs: number;
  /** Share of the window in which there was something to run, 0 to 1. */
  utilization: number;
}

const tickMs = 20;
const windowMs = 100;

/**
 * Watches the event loop of this process and tells `onReading` of each window of 100 ms, or of whatever time the loop
 * took when it was busy for longer. Ends with the returned function. Does not keep a process alive.
 */
export function watchEventLoop(onReading: (reading: LoopReading) => void): () => void {
  let last = performance.now();
  let start = last;
  let used: EventLoopUtilization = performance.eventLoopUtilization();
  let lateness = 0;
  let ticks = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    lateness += Math.max(0, now - last - tickMs);
    ticks += 1;
    last = now;
    if (now - start < windowMs) return;
    const total = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(total, used);
    onReading({ at: now, delayMs: lateness / ticks, utilization });
    [start, used, lateness, ticks] = [now, total, 0, 0];
  }, tickMs).unref();
  return () => clearInterval(timer);
}
