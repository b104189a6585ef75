import { performance } from 'node:perf_hooks';

/** Prints the steps of the demo, each with its time and trace. */
export interface DemoReport {
  /** Runs a step and prints what it tells. */
  step<T>(title: string, work: () => Promise<StepResult<T>>): Promise<T>;
  /** Prints a line of its own. */
  say(line: string): void;
}

/** What a step gives to the next one, and what is told of it. */
export interface StepResult<T> {
  readonly value: T;
  readonly told: string;
  readonly traceId?: string;
}

/** A report on standard output. */
export function createDemoReport(): DemoReport {
  let count = 0;
  return {
    async step(title, work) {
      const begun = performance.now();
      const { value, told, traceId } = await work();
      count += 1;
      const time = `${Math.round(performance.now() - begun)} ms`.padStart(8);
      console.log(`${String(count).padStart(2)}. ${title.padEnd(34)}${time}   ${traceId ? `trace ${traceId}` : ''}`);
      for (const line of told.split('\n')) console.log(`      ${line}`);
      return value;
    },
    say: (line) => console.log(line),
  };
}
