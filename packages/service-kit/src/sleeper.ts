/** A sleep that can be cut short. */
export interface Sleeper {
  /** Resolves after `ms`, or at the next `wake`; at once when `wake` came since the last sleep. */
  sleep(ms: number): Promise<void>;
  wake(): void;
}

export function createSleeper(): Sleeper {
  let isAwake = false;
  let resolveSleep: (() => void) | undefined;
  return {
    async sleep(ms) {
      if (!isAwake) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          resolveSleep = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      isAwake = false;
    },
    wake() {
      isAwake = true;
      resolveSleep?.();
    },
  };
}

/** A random value around `ms`, half of it more or less, so that replicas do not move in step. */
export function jitter(ms: number): number {
  return ms * (0.5 + Math.random());
}
