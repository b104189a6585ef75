import { setTimeout as sleep } from 'node:timers/promises';
import { isPassing } from '@mawid/service-kit';

const delaysMs = [100, 200, 400, 800, 1_600];

/** Repeats a write for some seconds while the database is away. `write` must be safe to repeat. */
export async function persist<T>(write: () => Promise<T>): Promise<T> {
  for (const delayMs of delaysMs) {
    try {
      return await write();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await sleep(delayMs);
    }
  }
  return write();
}
