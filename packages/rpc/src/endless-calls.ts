import { Code, ConnectError } from '@connectrpc/connect';

/** The calls without a deadline that a server is serving. */
export interface EndlessCalls {
  /** Remembers how a call is ended; returns what forgets it when it has ended by itself. */
  add(end: (reason: ConnectError) => void): () => void;
  /** Ends them all with UNAVAILABLE, by which their callers know to go on elsewhere. */
  endAll(): void;
}

/** Keeps the endless calls of one server: a drain has nothing to wait for in them. */
export function createEndlessCalls(): EndlessCalls {
  const ends = new Set<(reason: ConnectError) => void>();
  return {
    add(end) {
      ends.add(end);
      return () => ends.delete(end);
    },
    endAll() {
      for (const end of [...ends]) end(new ConnectError('the server is shutting down', Code.Unavailable));
    },
  };
}
