import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** The whole answer as it came. */
  readonly text: string;
}

/** A kept connection for one request at a time, with only as much of HTTP as our own servers' answers need. */
export interface RawConnection {
  /** Rejects when the connection ends before the answer is complete. */
  send(request: string): Promise<RawAnswer>;
  isClosed(): boolean;
}

/** Connects to a port of this machine. Answers must have a Content-Length. */
export function openConnection(port: number): RawConnection {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.setEncoding('latin1');
  let waiting: PromiseWithResolvers<RawAnswer> | undefined;
  let text = '';
  let closed = false;

  socket.on('data', (chunk: string) => {
    text += chunk;
    const length = lengthOf(text);
    if (length === undefined || text.length < length) return;
    if (/\r\nconnection: close\r\n/i.test(text)) closed = true;
    waiting?.resolve({ status: Number(text.slice(9, 12)), text });
    text = '';
  });
  const onEnd = (cause?: Error): void => {
    closed = true;
    waiting?.reject(new Error('the connection ended', { cause }));
  };
  socket.on('error', onEnd);
  socket.on('close', () => onEnd());

  return {
    send(request) {
      waiting = Promise.withResolvers();
      socket.write(request, 'utf8');
      return waiting.promise;
    },
    isClosed: () => closed,
  };
}

/** The length of the answer that the text begins with; undefined while its head is not complete. */
function lengthOf(text: string): number | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const found = /\r\ncontent-length: (\d+)/i.exec(text);
  return end + 4 + Number(found?.[1] ?? 0);
}
