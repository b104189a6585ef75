import type { DescMethod } from '@bufbuild/protobuf';
import { Code, ConnectError, type ContextValues, createContextValues, type HandlerContext } from '@connectrpc/connect';
import type { Metadata } from '@grpc/grpc-js';
import { type Deadline, type DeadlineLimits, remainingMs, rememberDeadline, serverDeadline } from './deadline.ts';
import { toHeaders } from './metadata.ts';
import { peerAddress, toAddress } from './peer-address.ts';
import { provenPeer } from './tls/peer-identity.ts';
import { findPeer } from './tls/proven-peers.ts';

/** The part of grpc-js' server calls that all four method kinds share. */
export interface IncomingCall {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  getDeadline(): Date | number;
  getPeer(): string;
  getHost(): string;
  getPath(): string;
  getAuthContext(): { sslPeerCertificate?: object };
  on(event: 'cancelled', listener: () => void): unknown;
}

/** A call being served: its context, and the one place where it ends. */
export interface ServerCall {
  readonly context: HandlerContext;
  /** Set once the call is over before its handler was: cancelled by its caller, or too late. */
  readonly ended: ConnectError | undefined;
  /** The headers a handler has written; undefined when it never looked at them. */
  readonly writtenHeader: Headers | undefined;
  readonly writtenTrailer: Headers | undefined;
  /** Ends the call before its handler has, for a reason other than its caller or its deadline. */
  end(reason: ConnectError): void;
  /** Says that the answer is out: stops the clock and releases whoever holds the signal. */
  close(): void;
}

/**
 * Opens the books of an incoming call. Signal, headers and values are made when somebody asks for them: most unary
 * handlers never do. `onEnd` is told once when the call ends before its handler.
 */
export function openServerCall(
  method: DescMethod,
  call: IncomingCall,
  limits: DeadlineLimits,
  onEnd: (reason: ConnectError) => void,
): ServerCall {
  const sent = toDeadline(call.getDeadline());
  const streamsAnswers = method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming';
  const deadline = serverDeadline(sent, streamsAnswers, limits);
  let closed = false;
  let ended: ConnectError | undefined;
  let controller: AbortController | undefined;
  // grpc-js keeps the time of the deadline that was sent, so only another one needs a timer.
  const timer = deadline === (sent ?? Number.POSITIVE_INFINITY) ? undefined : setTimeout(stop, deadline - Date.now());
  call.on('cancelled', stop);

  function stop(): void {
    if (!closed && ended === undefined) end(reasonOf(deadline));
  }

  function end(reason: ConnectError): void {
    if (closed || ended !== undefined) return;
    clearTimeout(timer);
    ended = reason;
    controller?.abort(reason);
    onEnd(reason);
  }

  function signal(): AbortSignal {
    if (controller === undefined) {
      controller = new AbortController();
      rememberDeadline(controller.signal, deadline);
      if (ended !== undefined || closed) controller.abort(ended);
    }
    return controller.signal;
  }

  const written: { header?: Headers; trailer?: Headers } = {};
  return {
    context: createContext(method, call, { deadline, signal, written }),
    get ended() {
      return ended;
    },
    get writtenHeader() {
      return written.header;
    },
    get writtenTrailer() {
      return written.trailer;
    },
    end,
    close() {
      if (closed) return;
      closed = true;
      clearTimeout(timer);
      if (ended === undefined) controller?.abort();
    },
  };
}

interface ContextParts {
  deadline: Deadline;
  signal: () => AbortSignal;
  written: { header?: Headers; trailer?: Headers };
}

function createContext(method: DescMethod, call: IncomingCall, parts: ContextParts): HandlerContext {
  let requestHeader: Headers | undefined;
  let values: ContextValues | undefined;
  return {
    method,
    service: method.parent,
    requestMethod: 'POST',
    protocolName: 'grpc',
    timeoutMs: () => (parts.deadline === Number.POSITIVE_INFINITY ? undefined : remainingMs(parts.deadline)),
    get url() {
      return `http://${call.getHost()}${call.getPath()}`;
    },
    get signal() {
      return parts.signal();
    },
    get requestHeader() {
      requestHeader ??= toHeaders(call.metadata);
      return requestHeader;
    },
    get responseHeader() {
      parts.written.header ??= new Headers();
      return parts.written.header;
    },
    get responseTrailer() {
      parts.written.trailer ??= new Headers();
      return parts.written.trailer;
    },
    get values() {
      values ??= toValues(call);
      return values;
    },
  };
}

function toValues(call: IncomingCall): ContextValues {
  const values = createContextValues().set(peerAddress, toAddress(call.getPeer()));
  const proven = findPeer(call.getAuthContext().sslPeerCertificate);
  return proven === undefined ? values : values.set(provenPeer, proven);
}

function toDeadline(sent: Date | number): Deadline | undefined {
  const time = Number(sent);
  return time === Number.POSITIVE_INFINITY ? undefined : time;
}

function reasonOf(deadline: Deadline): ConnectError {
  // Timers may fire a millisecond early.
  return Date.now() >= deadline - 1
    ? new ConnectError('the operation timed out', Code.DeadlineExceeded)
    : new ConnectError('the call was cancelled', Code.Canceled);
}
