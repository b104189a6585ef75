import { setTimeout as wait } from 'node:timers/promises';
import type { StreamingRequest } from '../gen/interop_pb.js';

/** Request metadata of these names is answered in the headers. */
export const echoedInHeader = ['x-interop-initial', 'x-interop-initial-bin'];

/** Request metadata of these names is answered in the trailers. */
export const echoedInTrailer = ['x-interop-trailing', 'x-interop-trailing-bin'];

/** The payloads one streaming request asks for; zeros, which compress well. */
export async function* payloadsOf(request: StreamingRequest, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const size of request.answerSizes) {
    if (request.waitMs > 0) await wait(request.waitMs, undefined, signal === undefined ? { ref: false } : { signal });
    yield new Uint8Array(size);
  }
}
