import type { Comparison, Row } from './compare.ts';
import type { Figures, Load } from './measure.ts';
import { listProfiles, readSelfTimes } from './profile.ts';

/** Functions of each process that a profile names. */
const functionsShown = 25;

/** What one thing costs, a process a line. */
export function printFigures(question: string, load: Load, figures: Figures): void {
  printHead(question, load);
  const { perSecond, p50Ms, p99Ms, cpuMicros } = figures;
  console.log(`  ${perSecond.toFixed(0)}/s   p50 ${p50Ms.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms`);
  for (const [name, micros] of Object.entries(cpuMicros)) {
    console.log(`  ${name.padEnd(10)}${Math.round(micros).toString().padStart(7)} µs CPU per request`);
  }
}

/** What one step of a flow costs, in a line. */
export function printStep(name: string, { perSecond, p50Ms, p99Ms, cpuMicros }: Figures): void {
  const cpu = Object.entries(cpuMicros).map(([process, micros]) => `${process} ${micros.toFixed(0)}`);
  console.log(
    `  ${name.padEnd(26)}${perSecond.toFixed(0).padStart(6)}/s   p50 ${p50Ms.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms`,
  );
  console.log(`  ${''.padEnd(26)}µs CPU per request: ${cpu.join(', ')}`);
}

/** A line that is no request's. */
export function printNote(note: string): void {
  console.log(`  ${note}`);
}

/** What several ways cost, a way a line, each beside the reference. */
export function printRows(question: string, load: Load, comparison: Comparison, rows: readonly Row[]): void {
  printHead(question, { ...load, rounds: rows[0]?.rounds ?? 0 });
  const { reference, counted } = comparison;
  const base = rows.find(({ name }) => name === reference);
  const costOf = (row: Row): number => counted.reduce((sum, process) => sum + (row.cpuMicros[process] ?? 0), 0);
  console.log(`  CPU per request in µs; the ratio is of ${counted.join(' + ')} to those of ${reference}`);
  for (const row of rows) {
    const cpu = Object.entries(row.cpuMicros).map(([name, micros]) => `${name} ${micros.toFixed(0).padStart(4)}`);
    const ratio = base === undefined ? '' : `${(costOf(row) / costOf(base)).toFixed(2)} ×`;
    const speed = `${row.perSecond.toFixed(0).padStart(6)}/s   p50 ${row.p50Ms.toFixed(1)} ms   p99 ${row.p99Ms.toFixed(1)} ms`;
    console.log(`  ${row.name.padEnd(32)}${ratio.padStart(7)}   ${cpu.join('   ').padEnd(28)}${speed}`);
  }
}

/** Where the CPU of each process went, by function. */
export function printProfiles(folder: string): void {
  console.log(`\nProfiles are in ${folder}`);
  for (const { name, path } of listProfiles(folder)) {
    console.log(`\n${name}`);
    for (const { where, share } of readSelfTimes(path, functionsShown)) {
      console.log(`  ${(share * 100).toFixed(1).padStart(5)} %  ${where}`);
    }
  }
}

/** The question, and how much was done to answer it. */
export function printHead(question: string, { rounds, requests, concurrency }: Load): void {
  console.log(`\n${question}`);
  console.log(`  medians of ${rounds} rounds of ${requests} requests, ${concurrency} at a time`);
}
