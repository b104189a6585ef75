/** For how long somebody waits. */
export interface Waiting {
  readonly signal: AbortSignal;
  readonly ms: number;
}

/** Those who wait for news, by topic. */
export interface Waiters {
  /**
   * Resolves at the next `wake` of the topic, when the time is over or when the signal is aborted; with the mark of that very
   * moment, for others may run before the one who waited does.
   */
  wait(topic: string, waiting: Waiting): Promise<number>;
  wake(topic: string): void;
  wakeAll(): void;
}

/** `mark` tells where things stand. */
export function createWaiters(mark: () => number): Waiters {
  const topics = new Map<string, Set<() => void>>();

  function wake(topic: string): void {
    const woken = topics.get(topic) ?? [];
    topics.delete(topic);
    for (const waiter of woken) waiter();
  }

  return {
    wait: (topic, { signal, ms }) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(mark());
        const known = topics.get(topic) ?? new Set();
        topics.set(topic, known.add(done));
        const timer = setTimeout(done, ms);
        signal.addEventListener('abort', done);
        function done(): void {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          known.delete(done);
          if (known.size === 0 && topics.get(topic) === known) topics.delete(topic);
          resolve(mark());
        }
      }),
    wake,
    wakeAll() {
      for (const topic of [...topics.keys()]) wake(topic);
    },
  };
}
