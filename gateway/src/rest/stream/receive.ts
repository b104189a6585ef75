import { setTimeout as pause } from 'node:timers/promises';
import type { Message } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { StreamBinding } from '../binding.ts';
import type { PreparedCall } from '../prepare-call.ts';
import type { Messages, StreamCallOptions } from './stream-work.ts';
import type { LiveStream } from './streams.ts';

/** What a stream is received by. */
export interface Receiving {
  readonly binding: StreamBinding;
  readonly call: PreparedCall;
  readonly live: LiveStream;
  readonly options: StreamCallOptions;
}

/** A call that lasted this long was a good one, milliseconds. */
const goodMs = 60_000;
/** Calls in a row that ended sooner: after so many, the service is ill and the client shall know. */
const mostShortCalls = 5;
/** Before a call is made again, milliseconds: all streams of a connection end at once, and shall not come back at once. */
const firstPauseMs = 100;
const longestPauseMs = 2_000;

/**
 * The answers of a streaming call. Connections to services end after minutes so that load spreads, and services restart: where the id of the last event is
 * known and the method goes on from one, a call that ended by that (UNAVAILABLE after it was well) is made again from there, after a short while, and the
 * client notices nothing. Otherwise, where the new call fails at once, and where call after call is short, throws the call's error.
 */
export async function* receive(receiving: Receiving): Messages {
  for (let shortCalls = 0; ; ) {
    const startedAt = performance.now();
    let wasWell = false;
    try {
      for await (const message of open(receiving)) {
        wasWell = true;
        remember(receiving, message);
        yield message;
      }
      return;
    } catch (error) {
      const wasLong = performance.now() - startedAt >= goodMs;
      shortCalls = wasLong ? 0 : shortCalls + 1;
      if (!(wasWell || wasLong) || shortCalls > mostShortCalls || !canGoOn(receiving, error)) throw error;
      await pauseAfter(shortCalls, receiving.live.signal);
    }
  }
}

/** Rejects when the stream ends meanwhile. */
async function pauseAfter(shortCalls: number, signal: AbortSignal): Promise<void> {
  const most = Math.min(longestPauseMs, firstPauseMs * 2 ** shortCalls);
  await pause(Math.random() * most, undefined, { signal });
}

async function* open({ binding: { method }, call, live, options }: Receiving): Messages {
  const transport = options.transportOf(method.parent);
  const response = await transport.stream(method, live.signal, 0, call.headers, only(call.request), undefined);
  yield* response.message;
}

async function* only<T>(request: T): AsyncGenerator<T> {
  yield request;
}

/** Without the id of an event, the new call would begin with what comes next, and what came in between would be lost unseen. */
function canGoOn({ binding: { stream }, call, live }: Receiving, error: unknown): boolean {
  if (stream.kind !== 'events' || stream.lastEventId === undefined || live.end !== undefined) return false;
  return ConnectError.from(error).code === Code.Unavailable && stream.lastEventId.get(call.request) !== '';
}

function remember({ binding: { stream }, call }: Receiving, message: Message): void {
  if (stream.kind !== 'events') return;
  const id = stream.eventId(message);
  if (id !== '') stream.lastEventId?.set(call.request, id);
}
