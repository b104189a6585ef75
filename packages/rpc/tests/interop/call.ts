import type { DescMessage, DescMethod, MessageInitShape, MessageShape } from '@bufbuild/protobuf';

/** How a call is made, in words that every kind of client can follow. */
export interface CallOptions {
  /** A name may come several times; names in `-bin` have bytes. */
  metadata?: readonly (readonly [name: string, value: string | Uint8Array])[];
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Is told of each answer as it comes, 1 for the first. */
  onAnswer?: (count: number) => void;
}

/** How a call ended. */
export interface Outcome<A = unknown> {
  answers: A[];
  header: Headers;
  /** Of a failed call, all metadata that came with the error. */
  trailer: Headers;
  error: { code: number; message: string; details: { type: string; value: Uint8Array }[] } | undefined;
}

type Requests<T> = Iterable<T> | AsyncIterable<T>;

/** Makes a call of any kind; resolves however it ends. */
export type Call = <I extends DescMessage, O extends DescMessage>(
  method: DescMethod & { input: I; output: O },
  requests: Requests<MessageInitShape<I>>,
  options?: CallOptions,
) => Promise<Outcome<MessageShape<O>>>;

/** The values of a `-bin` name in some headers, as bytes. */
export function bytesOf(headers: Headers, name: string): Buffer[] {
  const value = headers.get(name);
  if (value === null) return [];
  return value.split(',').map((part) => Buffer.from(part.trim(), 'base64'));
}
