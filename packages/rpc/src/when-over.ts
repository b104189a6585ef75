import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const waiting = new WeakMap<Socket, Set<() => void>>();

/**
 * Runs `then` once when the answer to a request is out or can no longer get out. A request that was sent behind another
 * one on the same connection hears nothing when that connection breaks before its turn, so the socket is watched too.
 */
export function whenOver(request: IncomingMessage, response: ServerResponse, then: () => void): void {
  const { socket } = request;
  const open = waiting.get(socket) ?? watch(socket);
  function done(): void {
    if (open.delete(done)) then();
  }
  open.add(done);
  response.once('close', done);
  if (socket.destroyed) done();
}

/** One listener for all requests of a connection. */
function watch(socket: Socket): Set<() => void> {
  const open = new Set<() => void>();
  waiting.set(socket, open);
  socket.once('close', () => {
    for (const done of [...open]) done();
  });
  return open;
}
