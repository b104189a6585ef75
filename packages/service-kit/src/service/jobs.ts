import type { Closable } from '../closable.ts';
import type { Logger } from '../logger/create-logger.ts';
import { createSleeper, jitter } from '../sleeper.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';

export interface JobOptions {
  name: string;
  /** Middle of the jittered wait between two runs. */
  everyMs: number;
  /** One run. The signal ends when the job is closed. */
  run(signal: AbortSignal): Promise<void>;
  logger: Logger;
  /** Counts runs by their outcome. */
  telemetry?: Telemetry | undefined;
}

export interface Job extends Closable {
  /** Runs now, or once more after the run that is going on. */
  wake(): void;
  /** Waits for the run that is going on. */
  close(): Promise<void>;
}

/** Runs something again and again, one run at a time, the first at once. A failing run is logged and tried again in time. */
export function startJob(options: JobOptions): Job {
  const sleeper = createSleeper();
  const ending = new AbortController();

  async function loop(): Promise<void> {
    while (!ending.signal.aborted) {
      await runOnce(options, ending.signal);
      if (!ending.signal.aborted) await sleeper.sleep(jitter(options.everyMs));
    }
  }

  const running = loop();
  return {
    wake: () => sleeper.wake(),
    async close() {
      ending.abort();
      sleeper.wake();
      await running;
    },
  };
}

async function runOnce({ name, run, logger, telemetry }: JobOptions, signal: AbortSignal): Promise<void> {
  let outcome = 'done';
  try {
    await run(signal);
  } catch (error) {
    outcome = 'failed';
    if (!signal.aborted) logger.error({ err: error, job: name }, 'a job failed');
  }
  telemetry?.instruments.jobRuns.inc({ job: name, outcome });
}
