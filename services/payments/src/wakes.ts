export type JobName = 'check-payments' | 'process-webhooks' | 'send-refunds';

/** Lets those who write work wake the job that does it, without knowing whether it runs in this process. */
export interface Wakes {
  wake(name: JobName): void;
  bind(name: JobName, wake: () => void): void;
}

export function createWakes(): Wakes {
  const bound = new Map<JobName, () => void>();
  return {
    wake: (name) => bound.get(name)?.(),
    bind: (name, wake) => void bound.set(name, wake),
  };
}
