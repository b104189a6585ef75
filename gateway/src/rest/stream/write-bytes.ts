import { BrokenWriteError, writePaced } from '../../http/write-paced.ts';
import { isFault } from '../../overload/is-fault.ts';
import { toRefusal } from '../problem/to-refusal.ts';
import type { StreamWork } from './stream-work.ts';

/**
 * Writes the parts of a download, the first of which has been read already. A failure on the way cuts the connection: a download that just ended would be
 * taken for whole. Never rejects.
 */
export async function writeBytes(work: StreamWork, first: string | Uint8Array): Promise<void> {
  const { exchange, binding, live, messages, options } = work;
  const { response } = exchange;
  const pace = { stallMs: options.streams.limits.stallMs, signal: live.signal };
  try {
    await writePaced(response, first, pace);
    for await (const message of messages) await writePaced(response, binding.encode(message).content, pace);
    live.stop('complete');
    response.end();
  } catch (error) {
    const isCut = live.end !== undefined || error instanceof BrokenWriteError;
    live.stop(error instanceof BrokenWriteError && error.stalled ? 'stalled' : 'failed');
    if (!isCut && isFault(toRefusal(error), error)) options.fault(error);
    response.destroy();
  } finally {
    messages.return().catch(() => undefined);
  }
}
