import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ClientGoneError } from '../../http/read-body.ts';
import { Refusal } from '../problem/refusal.ts';

/**
 * Why a stream ended: the service had no more, it failed, the client left or took nothing for too long, it got too old, its token or its session ended, or
 * this process is ending.
 */
export type StreamEnd = 'complete' | 'failed' | 'client_gone' | 'stalled' | 'max_age' | 'token_expired' | 'draining';

/** Counts streams. */
export interface StreamObserver {
  streamOpened(route: string): void;
  streamEnded(route: string, end: StreamEnd): void;
}

export interface StreamLimits {
  /** Between two comments on a silent event stream, milliseconds. */
  readonly heartbeatMs: number;
  /** A stream ends after about this time, so that connections spread over replicas again, milliseconds. */
  readonly maxAgeMs: number;
  /** A client that takes nothing for this long is cut, milliseconds. */
  readonly stallMs: number;
  /** Streams that one user, or one address without a user, may have open at a time. */
  readonly perCaller: number;
}

/** One stream while it lasts. */
export interface LiveStream {
  /** Aborted when the stream ends, for whatever reason. */
  readonly signal: AbortSignal;
  /** Undefined while it lasts. */
  readonly end: StreamEnd | undefined;
  /** Ends it; only the first reason counts. */
  stop(end: StreamEnd): void;
}

export interface StreamRequest {
  readonly response: ServerResponse;
  /** The connection of the request: a response that waits behind another one has none yet, and would never hear of its end. */
  readonly socket: Socket;
  readonly route: string;
  /** Who counts as one. */
  readonly caller: string;
  /** When its caller's token ends, epoch milliseconds. */
  readonly expiresAt: number | undefined;
  /** Whether it ends when the process does; a download may use the whole grace time. */
  readonly endsOnDrain: boolean;
}

/** All streams of this process. */
export interface Streams {
  readonly limits: StreamLimits;
  /** Takes a place, freed when response or connection closes. Throws the refusals 429 and, once the drain has begun, 503; ClientGoneError where they have. */
  open(request: StreamRequest): LiveStream;
  /** Ends those that would not end by themselves, and takes no new ones. */
  drain(): void;
}

/** setTimeout knows no longer time. */
const longestMs = 2 ** 31 - 1;
const retryAfterSeconds = 5;

export function createStreams(limits: StreamLimits, observer: StreamObserver, now: () => number): Streams {
  const open = new Set<{ stop(end: StreamEnd): void; endsOnDrain: boolean }>();
  const counts = new Map<string, number>();
  let draining = false;

  function takePlace(caller: string): void {
    const count = counts.get(caller) ?? 0;
    if (count >= limits.perCaller) throw new Refusal('RATE_LIMITED', { status: 429, retryAfterSeconds });
    counts.set(caller, count + 1);
  }

  function leavePlace(caller: string): void {
    const count = counts.get(caller) ?? 0;
    if (count > 1) counts.set(caller, count - 1);
    else counts.delete(caller);
  }

  return {
    limits,
    open: ({ response, socket, route, caller, expiresAt, endsOnDrain }) => {
      if (draining) throw new Refusal('UNAVAILABLE', { status: 503, retryAfterSeconds: 1 });
      if (socket.destroyed || response.closed || response.destroyed)
        throw new ClientGoneError('the request ended early');
      takePlace(caller);
      const live = createLiveStream();
      const entry = { stop: live.stop, endsOnDrain };
      open.add(entry);
      observer.streamOpened(route);
      const cancelTimer = endInTime(live, { limits, expiresAt, now });
      // A response that is gone is nobody's: no write to it may end the process.
      response.on('error', () => live.stop('client_gone'));
      whenClosed(response, socket, () => {
        live.stop('client_gone');
        cancelTimer();
        open.delete(entry);
        leavePlace(caller);
        observer.streamEnded(route, live.end ?? 'client_gone');
      });
      return live;
    },
    drain: () => {
      draining = true;
      for (const entry of open) if (entry.endsOnDrain) entry.stop('draining');
    },
  };
}

/** Calls back once: the end of a connection is also the end of its response, in the same breath. */
function whenClosed(response: ServerResponse, socket: Socket, onClose: () => void): void {
  let isClosed = false;
  function close(): void {
    if (isClosed) return;
    isClosed = true;
    response.off('close', close);
    socket.off('close', close);
    onClose();
  }
  response.once('close', close);
  socket.once('close', close);
}

function createLiveStream(): LiveStream {
  const controller = new AbortController();
  let end: StreamEnd | undefined;
  return {
    signal: controller.signal,
    get end() {
      return end;
    },
    stop: (given) => {
      if (end !== undefined) return;
      end = given;
      controller.abort();
    },
  };
}

/** Ends a stream with its token or when it is too old, whichever is first; gives what calls that off. */
function endInTime(
  live: LiveStream,
  { limits, expiresAt, now }: { limits: StreamLimits; expiresAt: number | undefined; now: () => number },
): () => void {
  const ageMs = limits.maxAgeMs * (0.9 + Math.random() * 0.2);
  const tokenMs = expiresAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, expiresAt - now());
  const end = tokenMs < ageMs ? 'token_expired' : 'max_age';
  const timer = setTimeout(() => live.stop(end), Math.min(ageMs, tokenMs, longestMs));
  return () => clearTimeout(timer);
}
