import { readCpuMs } from './cpu.ts';
import type { Load } from './measure.ts';
import { medianOf } from './quantile.ts';
import type { Batch, Timing } from './repeat.ts';

/** A round is not begun after this, so that a whole run stays below a minute on a machine of its own. */
const longestMs = 20_000;
const leastRounds = 3;
/** Rounds before the first that counts: the compiler is not done with a gateway before some 8,000 requests. */
const warmUpRounds = 4;

/** One way of doing the same work. */
export interface Candidate {
  readonly name: string;
  /** Name → process id of those whose CPU counts. */
  readonly processes: Readonly<Record<string, number>>;
  run(batch: Batch): Promise<Timing>;
  close(): Promise<void>;
}

/** All that is compared, running. */
export interface Comparison {
  readonly candidates: readonly Candidate[];
  /** The candidate that the others are measured by. */
  readonly reference: string;
  /** The processes whose CPU makes the ratio. */
  readonly counted: readonly string[];
  close(): Promise<void>;
}

/** Medians of one candidate over the rounds. */
export interface Row {
  readonly name: string;
  readonly rounds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU per request in microseconds, by process. */
  readonly cpuMicros: Readonly<Record<string, number>>;
}

/**
 * Measures candidates against each other: after the warm-up of each, the rounds go A, B, C, A, B, C, so that what
 * else the machine does hits all of them alike. Rounds that a busy machine has no time for are left out.
 */
export async function compare(candidates: readonly Candidate[], load: Load): Promise<Row[]> {
  const rounds = new Map<Candidate, Row[]>(candidates.map((candidate) => [candidate, []]));
  for (const candidate of candidates) {
    for (let round = 0; round < warmUpRounds; round += 1) await candidate.run(load);
  }
  const begun = performance.now();
  for (let round = 0; round < load.rounds; round += 1) {
    if (round >= leastRounds && performance.now() - begun > longestMs) break;
    for (const [candidate, rows] of rounds) rows.push(await runRound(candidate, load));
  }
  return [...rounds.values()].map(toMedians);
}

async function runRound({ name, processes, run }: Candidate, load: Load): Promise<Row> {
  const pids = Object.entries(processes);
  const before = pids.map(([, pid]) => readCpuMs(pid));
  const { seconds, p50Ms, p99Ms } = await run(load);
  const cpu = pids.map(([process, pid], index) => {
    return [process, ((readCpuMs(pid) - (before[index] ?? 0)) * 1000) / load.requests] as const;
  });
  return { name, rounds: 1, perSecond: load.requests / seconds, p50Ms, p99Ms, cpuMicros: Object.fromEntries(cpu) };
}

function toMedians(rows: readonly Row[]): Row {
  const [first] = rows;
  if (first === undefined) throw new Error('a comparison needs at least one round');
  const median = (pick: (row: Row) => number): number => medianOf(rows.map(pick));
  return {
    name: first.name,
    rounds: rows.length,
    perSecond: median((row) => row.perSecond),
    p50Ms: median((row) => row.p50Ms),
    p99Ms: median((row) => row.p99Ms),
    cpuMicros: Object.fromEntries(
      Object.keys(first.cpuMicros).map((name) => [name, median((row) => row.cpuMicros[name] ?? 0)]),
    ),
  };
}
