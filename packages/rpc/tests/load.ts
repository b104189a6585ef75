import { setTimeout as wait } from 'node:timers/promises';
import { closeLater } from './fixture.ts';

/** Keeps `width` calls in flight until it is stopped. Every call has a text of its own. */
export function startLoad(width: number, call: (text: string) => Promise<unknown>) {
  let running = true;
  let count = 0;
  const failures: string[] = [];

  async function one(): Promise<void> {
    count += 1;
    try {
      await call(`call ${count}`);
    } catch (error) {
      failures.push(String(error));
      await wait(5);
    }
  }

  // A test that fails half-way would otherwise leave its load running.
  closeLater(() => {
    running = false;
  });
  const lanes = Array.from({ length: width }, async () => {
    while (running) await one();
  });
  return {
    async stop() {
      running = false;
      await Promise.all(lanes);
      return { count, failures };
    },
  };
}
