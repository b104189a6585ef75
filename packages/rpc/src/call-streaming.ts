import { Code, ConnectError } from '@connectrpc/connect';
import { type Channel, status as GrpcStatus, Metadata, type StatusObject } from '@grpc/grpc-js';
import { requestFlags } from './compression.ts';
import { toFailure } from './outgoing-call.ts';

/** A streaming call in bytes: requests go out as the server takes them, answers are read when they are asked for. */
export interface StreamingCall {
  /** The response's headers; rejects when the call fails before any came. */
  readonly header: Promise<Metadata | undefined>;
  /** The next answer; undefined at the end. Rejects with the call's error. */
  read(): Promise<Buffer | undefined>;
  /** The trailers, once `read` has reached the end. */
  trailer(): Metadata;
}

export interface StreamingRequest {
  path: string;
  metadata: Metadata;
  deadline: number;
  /** Is told when the deadline has ended the call, so that its requests end too. */
  onDeadline: (error: ConnectError) => void;
  signal: AbortSignal;
  messages: AsyncIterable<Buffer>;
  gzipFrom: number | undefined;
  /** Is told when the call is over, however it ended; once. */
  onOver: () => void;
}

/** Starts a streaming call. Aborting the signal cancels it at the server too. */
export function callStreaming(channel: Channel, request: StreamingRequest): StreamingCall {
  const { signal } = request;
  const header = Promise.withResolvers<Metadata | undefined>();
  const arrived: Buffer[] = [];
  let received: Metadata | undefined;
  let final: StatusObject | undefined;
  let failure: ConnectError | undefined;
  let wakeReader: (() => void) | undefined;
  let wakeWriter: (() => void) | undefined;
  // A call that fails before its headers also fails in `read`; nobody has to wait for both.
  header.promise.catch(() => undefined);
  const call = channel.createCall(request.path, request.deadline, undefined, null, undefined);

  function cancel(): void {
    call.cancelWithStatus(GrpcStatus.CANCELLED, 'cancelled by the caller');
  }

  function settle(status: StatusObject): void {
    signal.removeEventListener('abort', cancel);
    final = status;
    request.onOver();
    if (status.code !== GrpcStatus.OK) failure ??= toStreamError(status, received, signal);
    if (failure?.code === Code.DeadlineExceeded) request.onDeadline(failure);
    if (failure === undefined) header.resolve(received);
    else header.reject(failure);
    wakeReader?.();
    wakeWriter?.();
  }

  function send(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      wakeWriter = resolve;
      const flags = requestFlags(bytes.byteLength, request.gzipFrom);
      call.sendMessageWithContext({ callback: () => resolve(), flags }, bytes);
    });
  }

  async function pump(): Promise<void> {
    for await (const bytes of request.messages) {
      if (final !== undefined) return;
      await send(bytes);
    }
    if (final === undefined) call.halfClose();
  }

  async function read(): Promise<Buffer | undefined> {
    const next = arrived.shift();
    if (next !== undefined) return next;
    if (failure !== undefined) throw failure;
    if (final !== undefined) return undefined;
    await new Promise<void>((resolve) => {
      wakeReader = resolve;
      call.startRead();
    });
    return read();
  }

  call.start(request.metadata, {
    onReceiveMetadata(metadata) {
      received = metadata;
      header.resolve(metadata);
    },
    onReceiveMessage(message: Buffer) {
      arrived.push(message);
      wakeReader?.();
    },
    onReceiveStatus: settle,
  });
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel);
  pump().catch((thrown: unknown) => {
    // What the caller's own messages threw is the error of the call.
    failure ??= ConnectError.from(thrown, Code.Internal);
    cancel();
  });
  return { header: header.promise, read, trailer: () => final?.metadata ?? new Metadata() };
}

function toStreamError(status: StatusObject, header: Metadata | undefined, signal: AbortSignal): ConnectError {
  if (signal.aborted) return ConnectError.from(signal.reason, Code.Canceled);
  return toFailure(status, header).error;
}
