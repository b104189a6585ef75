// npm run bench [-- name … [--profile] [--quick]]: answers the questions in bench/questions with a table each. CPU is read from /proc.
import { mkdtempSync, readdirSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchStack, startBenchStack } from './src/bench-stack.ts';
import { type Comparison, compare } from './src/compare.ts';
import { type Load, type Measured, measure } from './src/measure.ts';
import { printFigures, printHead, printNote, printProfiles, printRows, printStep } from './src/print.ts';

/** What something of the whole system costs. */
interface StackQuestion {
  readonly question: string;
  readonly load: Load;
  prepare(bench: BenchStack): Promise<Measured>;
}

/** What the steps of a flow through the whole system cost, each after the one before it. */
interface FlowQuestion {
  readonly question: string;
  readonly load: Load;
  steps(bench: BenchStack): AsyncIterable<FlowStep>;
}

/** A request that is measured, or a line that is told as it is. */
type FlowStep = { readonly name: string; readonly measured: Measured } | { readonly note: string };

/** What one way of doing something costs beside others; brings its own processes. */
interface ComparingQuestion {
  readonly question: string;
  readonly load: Load;
  start(profileFolder: string | undefined): Promise<Comparison>;
}

/** A question that measures in its own way; `isQuick` asks for a look in a minute. */
interface OwnQuestion {
  readonly question: string;
  answer(options: { isQuick: boolean }): Promise<void>;
}

const folder = join(import.meta.dirname, 'questions');
const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
const profiling = process.argv.includes('--profile');
const isQuick = process.argv.includes('--quick');
const wanted = process.argv.slice(2).filter((argument) => !['--profile', '--quick'].includes(argument));
const unknown = wanted.filter((name) => !names.includes(name));

if (unknown.length > 0) {
  console.error(`no such question: ${unknown.join(', ')}. There are: ${names.join(', ')}`);
  process.exitCode = 1;
} else {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`);
  for (const name of wanted.length > 0 ? wanted : names) await answer(name);
}

async function answer(name: string): Promise<void> {
  const question = (await import(join(folder, `${name}.ts`))) as
    | StackQuestion
    | FlowQuestion
    | ComparingQuestion
    | OwnQuestion;
  if ('answer' in question) await answerOwn(question);
  else if ('start' in question) await answerComparing(question);
  else if ('steps' in question) await answerFlow(question);
  else await answerOfStack(question);
}

async function answerOwn({ question, answer: run }: OwnQuestion): Promise<void> {
  console.log(`\n${question}`);
  await run({ isQuick });
}

async function answerOfStack({ question, load, prepare }: StackQuestion): Promise<void> {
  const bench = await startBenchStack();
  try {
    printFigures(question, load, await measure(await prepare(bench), load));
  } finally {
    await bench.close();
  }
}

async function answerFlow({ question, load, steps }: FlowQuestion): Promise<void> {
  const bench = await startBenchStack();
  try {
    printHead(question, load);
    for await (const step of steps(bench)) {
      if ('note' in step) printNote(step.note);
      else printStep(step.name, await measure(step.measured, load));
    }
  } finally {
    await bench.close();
  }
}

async function answerComparing({ question, load, start }: ComparingQuestion): Promise<void> {
  const profiles = profiling ? mkdtempSync(join(tmpdir(), 'mawid-profiles-')) : undefined;
  const comparison = await start(profiles);
  try {
    printRows(question, load, comparison, await compare(comparison.candidates, load));
  } finally {
    await comparison.close();
  }
  // Processes write their profiles when they end.
  if (profiles !== undefined) printProfiles(profiles);
}
