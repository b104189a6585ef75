import type { Figures } from '../measure.ts';
import type { StormFigures } from './conflict-storm.ts';
import type { SizeFigures } from './measure-size.ts';

/** What was measured with so many bookings in the tables. */
export function printSize(count: number, { create, slots, replayPerSecond, replayBy }: SizeFigures): void {
  console.log(`\n  ${count.toLocaleString('en')} bookings`);
  printLine('create, 8 at a time', create);
  console.log(
    `  ${'… its statement alone'.padEnd(26)}${replayPerSecond.toFixed(0).padStart(6)}/s   by ${replayBy}; the service reaches ${percent(create.perSecond / replayPerSecond)} of it`,
  );
  printLine('slots, 7 days × 6 staff', slots);
}

export function printStorms({ clients, p50Ms, p99Ms, winners }: StormFigures): void {
  console.log(
    `\n  ${clients} clients want one time, ${winners.length} times: p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms; in each, ${Math.min(...winners)} to ${Math.max(...winners)} got it`,
  );
}

export function printStatements(counts: readonly { staff: number; count: number }[]): void {
  const told = counts.map(({ staff, count }) => `${count} with ${staff} staff`);
  console.log(`  statements of a call for slots: ${told.join(', ')}`);
}

/** What the bench is held to. */
export interface Result {
  readonly sizes: readonly SizeFigures[];
  readonly storms: StormFigures;
  readonly statements: readonly number[];
}

/** Each aim with PASS or MISS; growth is told only where two sizes were measured. */
export function printAims({ sizes, storms, statements }: Result): void {
  console.log('');
  const [first, last] = [sizes[0], sizes.at(-1)] as const;
  if (first === undefined || last === undefined) return;
  for (const { slots, create, replayPerSecond } of sizes.slice(-1)) {
    printAim('slots p99 below 15 ms', `${slots.p99Ms.toFixed(1)} ms`, slots.p99Ms < 15);
    const share = create.perSecond / replayPerSecond;
    printAim('create at least 40 % of its statement alone', percent(share), share >= 0.4);
  }
  if (sizes.length > 1) {
    const growths = [
      ['create p50', last.create.p50Ms / first.create.p50Ms],
      ['create CPU', allOf(last.create) / allOf(first.create)],
      ['slots p50', last.slots.p50Ms / first.slots.p50Ms],
      ['slots CPU', allOf(last.slots) / allOf(first.slots)],
    ] as const;
    for (const [name, ratio] of growths) printAim(`${name} grows by at most 20 %`, percent(ratio - 1), ratio <= 1.2);
  }
  const isOne = storms.winners.every((count) => count === 1);
  printAim('one client of a storm gets the time', String(isOne), isOne);
  const isConstant = new Set(statements).size === 1;
  printAim('statements for slots do not depend on staff', statements.join(', '), isConstant);
}

function printLine(name: string, { perSecond, p50Ms, p99Ms, cpuMicros }: Figures): void {
  const cpu = Object.entries(cpuMicros).map(([process, micros]) => `${process} ${micros.toFixed(0)}`);
  const speed = `${perSecond.toFixed(0).padStart(6)}/s   p50 ${p50Ms.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms`;
  console.log(`  ${name.padEnd(26)}${speed}   µs CPU each: ${cpu.join(', ')}`);
}

function printAim(aim: string, found: string, isMet: boolean): void {
  console.log(`  ${isMet ? 'PASS' : 'MISS'}  ${aim.padEnd(46)}${found}`);
}

function allOf({ cpuMicros }: Figures): number {
  return cpuMicros.all ?? 0;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
