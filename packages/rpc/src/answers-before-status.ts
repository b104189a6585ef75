import { type ChannelOptions, status as GrpcStatus, type StatusObject } from '@grpc/grpc-js';
import { subchannelCallPrototype } from './subchannel-call.ts';

/**
 * grpc-js reports the status of a failed call at once and drops the answers that came before it and have not been
 * read yet; other gRPC clients hand them over first. It also writes requests to a call that the server has ended, which
 * breaks the stream under the answers that are still in it. There is no option for either, so the call of its transport
 * layer is taught better here: on channels that ask for it alone, for what other libraries do with grpc-js is theirs.
 */
const option = 'mawid.answers_before_status';

/** The part of grpc-js' Http2SubchannelCall this leans on. */
interface SubchannelCall {
  http2Stream: { destroyed: boolean; readableLength: number; once(event: 'close', listener: () => void): unknown };
  finalStatus: StatusObject | null;
  statusOutput: boolean;
  isPushPending: boolean;
  unpushedReadMessages: unknown[];
  transport: { getOptions(): ChannelOptions };
  canPush: boolean;
  [ended]?: boolean;
  handleTrailers(headers: unknown): void;
  maybeOutputStatus(): void;
  outputStatus(): void;
  startRead(): void;
  push(message: unknown): void;
  cancelWithStatus(code: GrpcStatus, details: string): void;
  sendMessageWithContext(context: { callback?: () => void }, message: Buffer): void;
}

/** Set on a call whose trailers have come. */
const ended = Symbol('ended by trailers');

const methods = [
  'handleTrailers',
  'maybeOutputStatus',
  'outputStatus',
  'startRead',
  'push',
  'cancelWithStatus',
  'sendMessageWithContext',
] as const;

const learned = teach();

/** The channel options that make a failed call hand over its answers before its status. */
export function answersBeforeStatus(): ChannelOptions {
  return learned ? { [option]: 1 } : {};
}

/** False when a release of grpc-js has other insides; calls then behave as grpc-js has them. */
function teach(): boolean {
  const call = subchannelCallPrototype() as SubchannelCall | undefined;
  if (call === undefined || methods.some((name) => typeof call[name] !== 'function')) return false;
  Object.assign(call, taught(call));
  return true;
}

function taught(original: SubchannelCall): Partial<SubchannelCall> {
  const { handleTrailers, maybeOutputStatus, startRead, cancelWithStatus, sendMessageWithContext } = original;
  return {
    handleTrailers(this: SubchannelCall, headers) {
      if (this.finalStatus === null && this.transport.getOptions()[option] === 1) this[ended] = true;
      handleTrailers.call(this, headers);
      // A stream that is gone has nothing more to read.
      if (isHeldBack(this)) this.http2Stream.once('close', () => this.maybeOutputStatus());
    },
    maybeOutputStatus(this: SubchannelCall) {
      if (!isHeldBack(this) || !hasUnread(this)) maybeOutputStatus.call(this);
    },
    startRead(this: SubchannelCall) {
      if (isHeldBack(this) && hasUnread(this)) readOn(this, startRead);
      else startRead.call(this);
    },
    cancelWithStatus(this: SubchannelCall, code, details) {
      if (isHeldBack(this)) this.outputStatus();
      cancelWithStatus.call(this, code, details);
    },
    sendMessageWithContext(this: SubchannelCall, context, message) {
      if (this[ended] === true) process.nextTick(() => context.callback?.());
      else sendMessageWithContext.call(this, context, message);
    },
  };
}

/** Whether a call has failed by its trailers and has not said so yet. */
function isHeldBack(call: SubchannelCall): boolean {
  const failed = call.finalStatus !== null && call.finalStatus.code !== GrpcStatus.OK;
  return call[ended] === true && failed && !call.statusOutput;
}

function hasUnread({ unpushedReadMessages, isPushPending, http2Stream }: SubchannelCall): boolean {
  if (unpushedReadMessages.length > 0 || isPushPending) return true;
  return !http2Stream.destroyed && http2Stream.readableLength > 0;
}

/** Reads as from a call that has not ended: the original does so when it sees no failure. */
function readOn(call: SubchannelCall, startRead: () => void): void {
  const status = call.finalStatus;
  call.finalStatus = null;
  startRead.call(call);
  call.finalStatus = status;
}
