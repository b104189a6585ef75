import type { Exchange } from '../../http/exchange.ts';
import { problemOf } from '../../http/send-problem.ts';
import { BrokenWriteError, writePaced } from '../../http/write-paced.ts';
import { isFault } from '../../overload/is-fault.ts';
import type { Refusal } from '../problem/refusal.ts';
import { toRefusal } from '../problem/to-refusal.ts';
import { heartbeat, toErrorEvent, toEvent, toRetry } from './event-text.ts';
import { type Messages, refusalOfEnd, type StreamWork } from './stream-work.ts';

/** What a client waits before it comes back; longer where a whole process is ending and all of its clients come back at once. */
const retryMs = 2_000;
const drainRetryMs = 4_000;

/**
 * Writes a stream's messages as server-sent events until there are no more. A failure after the start is an `error` event with the problem that would have
 * been the answer; then the stream ends, and EventSource comes back with the id of the last event. Never rejects.
 */
export async function writeEvents(work: StreamWork, first: ReturnType<Messages['next']>): Promise<void> {
  const { exchange, live, messages, options } = work;
  const { response } = exchange;
  const pace = { stallMs: options.streams.limits.stallMs, signal: live.signal };
  response.write(toRetry(retryMs));
  const pulse = setInterval(() => beat(work), options.streams.limits.heartbeatMs);
  try {
    for (let step = await first; step.done !== true; step = await messages.next()) {
      await writePaced(response, toText(work, step.value), pace);
    }
    live.stop('complete');
    response.end(farewellOf(work, undefined));
  } catch (error) {
    endBroken(work, error);
  } finally {
    clearInterval(pulse);
    messages.return().catch(() => undefined);
  }
}

function toText({ binding }: StreamWork, message: Parameters<StreamWork['binding']['encode']>[0]): string {
  const { content } = binding.encode(message);
  const id = binding.stream.kind === 'events' ? binding.stream.eventId(message) : '';
  return toEvent(String(content), id);
}

function beat(work: StreamWork): void {
  const { response } = work.exchange;
  // Whoever has not read what is there needs no sign of life.
  if (!response.destroyed && !response.writableNeedDrain) response.write(heartbeat);
  void endWithToken(work);
}

/** Its session may have ended before the token does. Where nobody can tell, the next beat asks again. */
async function endWithToken({ live, options, token }: StreamWork): Promise<void> {
  if (token === undefined || live.end !== undefined) return;
  const isOver = await options.verifier.verify(token).then(
    (verified) => verified === undefined,
    () => false,
  );
  if (isOver) live.stop('token_expired');
}

function endBroken(work: StreamWork, error: unknown): void {
  const { exchange, live } = work;
  const end = live.end;
  live.stop(error instanceof BrokenWriteError && error.stalled ? 'stalled' : 'failed');
  // Half an event is on its way; anything after it would be taken for the rest of it.
  if (error instanceof BrokenWriteError || exchange.response.destroyed) exchange.response.destroy();
  else exchange.response.end(farewellOf(work, end === undefined ? error : undefined));
}

/** The last words of a stream: why it ended, where that was no end of its own; when to come back. */
function farewellOf({ exchange, live, options }: StreamWork, error: unknown): string {
  if (error !== undefined) {
    const refusal = toRefusal(error);
    if (isFault(refusal, error)) options.fault(error);
    return toProblemEvent(exchange, refusal);
  }
  if (live.end === 'draining') return toRetry(drainRetryMs);
  const refusal = live.end === 'token_expired' ? refusalOfEnd(live.end) : undefined;
  return refusal === undefined ? '' : toProblemEvent(exchange, refusal);
}

function toProblemEvent(exchange: Exchange, refusal: Refusal): string {
  return toErrorEvent(JSON.stringify(problemOf(exchange, refusal).body));
}
