import { quantileOf } from './quantile.ts';

/** So many requests, so many at a time. */
export interface Batch {
  readonly requests: number;
  readonly concurrency: number;
}

/** How long a batch took. */
export interface Timing {
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Does `run` again and again in closed loops; each is told the number of its loop. Rejects with the first failure. */
export async function repeat({ requests, concurrency }: Batch, run: (loop: number) => Promise<void>): Promise<Timing> {
  const times: number[] = [];
  const begun = performance.now();
  let started = 0;
  async function work(loop: number): Promise<void> {
    while (started < requests) {
      started += 1;
      const at = performance.now();
      await run(loop);
      times.push(performance.now() - at);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, (_, loop) => work(loop)));
  const seconds = (performance.now() - begun) / 1000;
  times.sort((a, b) => a - b);
  return { seconds, p50Ms: quantileOf(times, 0.5), p99Ms: quantileOf(times, 0.99) };
}
