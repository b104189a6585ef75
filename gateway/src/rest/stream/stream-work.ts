import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { Exchange } from '../../http/exchange.ts';
import type { StreamBinding } from '../binding.ts';
import type { CallOptions } from '../prepare-call.ts';
import { Refusal } from '../problem/refusal.ts';
import type { LiveStream, StreamEnd, Streams } from './streams.ts';

/** What streaming calls are made with. */
export interface StreamCallOptions extends CallOptions {
  readonly streams: Streams;
  /** A fault of ours, for those who repair it. */
  readonly fault: (error: unknown) => void;
}

/** The answers of a call, to be read one after the other. */
export type Messages = AsyncGenerator<MessageShape<DescMessage>, void, undefined>;

/** A stream from its first message on. */
export interface StreamWork {
  readonly exchange: Exchange;
  readonly binding: StreamBinding;
  readonly live: LiveStream;
  /** Opened the stream; undefined where none did. */
  readonly token: string | undefined;
  readonly messages: Messages;
  readonly options: StreamCallOptions;
}

/** What a client is told of a stream that was ended from outside; undefined where there is nothing wrong, or nobody to tell. */
export function refusalOfEnd(end: StreamEnd): Refusal | undefined {
  if (end === 'token_expired') return new Refusal('UNAUTHENTICATED', { status: 401 });
  if (end === 'draining' || end === 'max_age') return new Refusal('UNAVAILABLE', { status: 503, retryAfterSeconds: 1 });
  return undefined;
}
