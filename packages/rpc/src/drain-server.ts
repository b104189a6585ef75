import { constants, type ServerHttp2Session } from 'node:http2';
import type { Server } from '@grpc/grpc-js';
import { sessionsOf } from './http2-servers.ts';
import type { Listener } from './listener.ts';

/** A peer that has not confirmed the first GOAWAY by then has no call on the connection, or is not there. */
const confirmMs = 500;

/** Time that answers on their way have before connections are cut. */
const cutMs = 250;

/**
 * Ends a server without failing a call. grpc-js' own drain sends one GOAWAY that names the last call it has seen, and
 * closes a connection without calls at once: a call that is just arriving meets a closed socket, and its caller cannot
 * know whether it ran. So peers are first told to open no more calls while all that arrive are still served, and the
 * real GOAWAY follows when they have confirmed it (RFC 9113, 6.8). What is still running after `graceMs` is cut.
 */
export async function drainServer(server: Server, listener: Listener, graceMs: number): Promise<void> {
  listener.stop();
  // Were grpc-js to keep its sessions elsewhere, calls in flight would still end well, only those arriving might not.
  for (const session of sessionsOf(server)) announceEnd(session);
  const emptied = listener.emptied();
  if (!(await settled(emptied, graceMs))) {
    server.tryShutdown(() => undefined);
    await settled(emptied, cutMs);
  }
  server.forceShutdown();
  // With channelz off, forceShutdown knows of no connection.
  listener.cut();
  await emptied;
}

function announceEnd(session: ServerHttp2Session): void {
  if (session.closed || session.destroyed) return;
  const close = () => {
    clearTimeout(timer);
    // Not from within the callback of a frame: the session would not end its socket.
    setImmediate(() => session.close());
  };
  const timer = setTimeout(close, confirmMs);
  session.once('close', () => clearTimeout(timer));
  session.goaway(constants.NGHTTP2_NO_ERROR, 2 ** 31 - 1);
  // Frames keep their order: what a peer sent before it saw the GOAWAY arrives before the answer to the ping.
  session.ping(close);
}

async function settled(promise: Promise<void>, withinMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), withinMs);
  });
  const result = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return result;
}
