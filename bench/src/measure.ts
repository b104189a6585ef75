import { readCpuMs } from './cpu.ts';
import { medianOf, quantileOf } from './quantile.ts';

/** What one question measures: work that is done again and again, by processes whose CPU counts. */
export interface Measured {
  /** Name → process id; each with all below it. */
  readonly processes: Readonly<Record<string, number>>;
  /** Does the work once; the number counts up over all rounds. Rejects when the answer is not the right one. */
  run(index: number): Promise<void>;
}

/** Medians over the rounds. */
export interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU per request in microseconds, by process, and their sum. */
  readonly cpuMicros: Readonly<Record<string, number>>;
}

/** How much work: rounds of so many requests, so many at a time. */
export interface Load {
  readonly rounds: number;
  readonly requests: number;
  readonly concurrency: number;
}

/** Runs a warm-up round and then the rounds; medians of them. */
export async function measure(measured: Measured, load: Load): Promise<Figures> {
  let next = 0;
  const round = () => runRound(measured, load, () => next++);
  await round();
  const rounds: Figures[] = [];
  for (let n = 0; n < load.rounds; n += 1) rounds.push(await round());
  const names = Object.keys(rounds[0]?.cpuMicros ?? {});
  return {
    perSecond: medianOf(rounds.map((it) => it.perSecond)),
    p50Ms: medianOf(rounds.map((it) => it.p50Ms)),
    p99Ms: medianOf(rounds.map((it) => it.p99Ms)),
    cpuMicros: Object.fromEntries(names.map((name) => [name, medianOf(rounds.map((it) => it.cpuMicros[name] ?? 0))])),
  };
}

/** One round; `take` numbers the work. */
export async function runRound({ processes, run }: Measured, load: Load, take: () => number): Promise<Figures> {
  const before = cpuOf(processes);
  const times: number[] = [];
  const begun = performance.now();
  let started = 0;
  const worker = async () => {
    while (started < load.requests) {
      started += 1;
      const at = performance.now();
      await run(take());
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: load.concurrency }, worker));
  const seconds = (performance.now() - begun) / 1000;
  const used = Object.entries(cpuOf(processes)).map(([name, ms]) => {
    return [name, ((ms - (before[name] ?? 0)) * 1000) / load.requests] as const;
  });
  const all = used.reduce((sum, [, micros]) => sum + micros, 0);
  times.sort((a, b) => a - b);
  return {
    perSecond: load.requests / seconds,
    p50Ms: quantileOf(times, 0.5),
    p99Ms: quantileOf(times, 0.99),
    cpuMicros: { ...Object.fromEntries(used), all },
  };
}

function cpuOf(processes: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, readCpuMs(pid)]));
}
