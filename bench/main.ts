// npm run bench [-- name …]: answers the questions in bench/questions with a table each. CPU is read from /proc.
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type BenchStack, startBenchStack } from './src/bench-stack.ts';
import { type Figures, type Load, type Measured, measure } from './src/measure.ts';

interface Question {
  readonly question: string;
  readonly load: Load;
  prepare(bench: BenchStack): Promise<Measured>;
}

const folder = join(import.meta.dirname, 'questions');
const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));

if (unknown.length > 0) {
  console.error(`no such question: ${unknown.join(', ')}. There are: ${names.join(', ')}`);
  process.exitCode = 1;
} else {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`);
  for (const name of wanted.length > 0 ? wanted : names) await answer(name);
}

async function answer(name: string): Promise<void> {
  const { question, load, prepare } = (await import(join(folder, `${name}.ts`))) as Question;
  const bench = await startBenchStack();
  try {
    print(question, load, await measure(await prepare(bench), load));
  } finally {
    await bench.close();
  }
}

function print(question: string, load: Load, figures: Figures): void {
  console.log(`\n${question}`);
  console.log(`  medians of ${load.rounds} rounds of ${load.requests} requests, ${load.concurrency} at a time`);
  const { perSecond, p50Ms, p99Ms, cpuMicros } = figures;
  console.log(`  ${perSecond.toFixed(0)}/s   p50 ${p50Ms.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms`);
  for (const [name, micros] of Object.entries(cpuMicros)) {
    console.log(`  ${name.padEnd(10)}${Math.round(micros).toString().padStart(7)} µs CPU per request`);
  }
}
