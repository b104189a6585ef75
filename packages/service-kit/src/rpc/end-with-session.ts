import { refuse } from '../errors/refuse.ts';

/** The session that a stream of answers was opened with. */
export interface StreamSession {
  /** When its token ends, epoch milliseconds. */
  readonly expiresAt: number;
  /** Between two looks at the session, milliseconds. */
  readonly everyMs: number;
  /** Whether the session is over; rejects where nobody can tell at the moment. */
  isOver(): Promise<boolean>;
}

/**
 * The same stream for as long as its session lives; then it ends with UNAUTHENTICATED. Where nobody can tell, the next look
 * decides, and at the latest the end of the token does.
 */
export async function* endWithSession<T>(messages: AsyncIterable<T>, session: StreamSession): AsyncGenerator<T> {
  const iterator = messages[Symbol.asyncIterator]();
  const watch = watchSession(session);
  try {
    for (;;) {
      const step = await watch.unlessOver(iterator.next());
      if (step.done) return;
      yield step.value;
    }
  } finally {
    watch.stop();
    // A handler that waits for something hears of the end by its signal; waiting for it here would be waiting for that.
    iterator.return?.().catch(() => undefined);
  }
}

function watchSession({ expiresAt, everyMs, isOver }: StreamSession) {
  let tell: ((error: unknown) => void) | undefined;
  let isEnded = false;
  let timer = schedule();

  function schedule(): NodeJS.Timeout {
    return setTimeout(look, Math.min(everyMs, Math.max(expiresAt - Date.now(), 0))).unref();
  }

  async function look(): Promise<void> {
    const isOverNow = Date.now() >= expiresAt || (await isOver().catch(() => false));
    if (isEnded) return;
    isEnded = isOverNow;
    if (isOverNow) tell?.(refuse('UNAUTHENTICATED'));
    else timer = schedule();
  }

  return {
    /** What the promise gives, unless the session ends before. */
    unlessOver: <R>(promise: Promise<R>): Promise<R> =>
      new Promise((resolve, reject) => {
        tell = reject;
        promise.then(resolve, reject);
        if (isEnded) reject(refuse('UNAUTHENTICATED'));
      }),
    stop() {
      clearTimeout(timer);
      isEnded = true;
    },
  };
}
