/** Runs tasks: those of one key one after the other, of all keys at most `concurrency` at a time. */
export interface KeyedQueue {
  /** Resolves when there is room for another task. Call before `run`. */
  room(): Promise<void>;
  /** Takes a place; `task` must not reject. */
  run(key: string, task: () => Promise<void>): void;
  /** Resolves when no task is left. */
  idle(): Promise<void>;
}

export function createKeyedQueue(concurrency: number): KeyedQueue {
  const tails = new Map<string, Promise<void>>();
  const waiting: (() => void)[] = [];
  let taken = 0;

  function release(): void {
    taken--;
    waiting.shift()?.();
  }

  return {
    async room() {
      while (taken >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    run(key, task) {
      taken++;
      const tail = (tails.get(key) ?? Promise.resolve()).then(task).finally(release);
      tails.set(key, tail);
      void tail.finally(() => tails.get(key) === tail && tails.delete(key));
    },
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
