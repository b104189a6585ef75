import { setTimeout as wait } from 'node:timers/promises';

/** Waits for a condition; fails after `withinMs`. */
export async function until(condition: () => boolean, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`the condition did not come true within ${withinMs} ms: ${condition}`);
    await wait(2);
  }
}
