import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a client may still have on its way when it learns that its request is refused; more closes the connection. */
const maxLeftBytes = 4_194_304;

/**
 * Reads a request to its end when it has been answered before that, which too large ones are: its rest would otherwise
 * hold up the next request of the same connection until that times out. Must be called before the request is read.
 */
export function readOut(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  // Whoever stops reading would otherwise destroy the request, and then nobody could read its rest.
  Object.assign(request, { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) });
  response.once('finish', () => {
    if (request.complete || request.destroyed) return;
    let left = maxLeftBytes;
    request.on('error', () => undefined);
    request.on('data', (chunk: Uint8Array) => {
      left -= chunk.byteLength;
      if (left < 0) socket.destroy();
    });
    request.resume();
  });
}
