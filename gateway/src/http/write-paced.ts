import type { ServerResponse } from 'node:http';

/** A write that did not reach its end: the reader took nothing for too long, went away, or the stream was ended meanwhile. */
export class BrokenWriteError extends Error {
  override readonly name = 'BrokenWriteError';
  readonly stalled: boolean;

  constructor(stalled: boolean) {
    super(stalled ? 'the client takes nothing' : 'the write was cut short');
    this.stalled = stalled;
  }
}

export interface Pace {
  /** How long a reader may take for one part, milliseconds. */
  readonly stallMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** Small enough that whoever reads at all gets one in time. */
const partBytes = 65_536;

/** Writes at the pace of the reader, so that what is not read yet is not held here. Rejects with {@link BrokenWriteError}. */
export async function writePaced(response: ServerResponse, content: string | Uint8Array, pace: Pace): Promise<void> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let start = 0; start < bytes.length; start += partBytes) {
    if (response.destroyed) throw new BrokenWriteError(false);
    if (!response.write(bytes.subarray(start, start + partBytes))) await drained(response, pace);
  }
}

function drained(response: ServerResponse, { stallMs, signal }: Pace): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(new BrokenWriteError(true)), stallMs);
    const onDrain = (): void => settle(undefined);
    const onEnd = (): void => settle(new BrokenWriteError(false));
    function settle(error: Error | undefined): void {
      clearTimeout(timer);
      response.off('drain', onDrain).off('close', onEnd);
      signal.removeEventListener('abort', onEnd);
      if (error === undefined) resolve();
      else reject(error);
    }
    response.once('drain', onDrain).once('close', onEnd);
    signal.addEventListener('abort', onEnd);
    if (signal.aborted) onEnd();
  });
}
