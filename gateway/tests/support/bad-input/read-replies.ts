/** One answer of a pipelined connection. */
export interface RawReply {
  readonly status: number;
  /** Status line and fields. */
  readonly head: string;
  readonly body: Buffer;
}

/** Takes the whole answers off the front of what came in; `rest` is what belongs to the next one. */
export function readReplies(bytes: Buffer): { replies: RawReply[]; rest: Buffer } {
  const replies: RawReply[] = [];
  let position = 0;
  for (;;) {
    const found = readReply(bytes, position);
    if (found === undefined) return { replies, rest: bytes.subarray(position) };
    replies.push(found.reply);
    position = found.end;
  }
}

/** The head of a stream of events that has begun at the front of what came in. */
export function readStreamHead(bytes: Buffer): RawReply | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  const head = headEnd < 0 ? '' : bytes.toString('latin1', 0, headEnd);
  if (!/\r\ncontent-type: *text\/event-stream/i.test(head)) return undefined;
  return { status: Number(head.slice(9, 12)), head, body: Buffer.alloc(0) };
}

function readReply(bytes: Buffer, start: number): { reply: RawReply; end: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n', start);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', start, headEnd);
  const status = Number(head.slice(9, 12));
  if (!head.startsWith('HTTP/1.1 ') || !(status >= 200 && status <= 599)) throw new Error(`no answer: ${head}`);
  const body = readBody(bytes, headEnd + 4, { head, status });
  return body && { reply: { status, head, body: body.content }, end: body.end };
}

function readBody(bytes: Buffer, start: number, { head, status }: Omit<RawReply, 'body'>) {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined && /\r\ntransfer-encoding: *chunked/i.test(head)) return readChunks(bytes, start);
  if (length === undefined && status !== 204 && status !== 304) throw new Error(`an answer without a length: ${head}`);
  const end = start + Number(length ?? 0);
  return end > bytes.length ? undefined : { content: bytes.subarray(start, end), end };
}

function readChunks(bytes: Buffer, start: number): { content: Buffer; end: number } | undefined {
  const chunks: Buffer[] = [];
  let position = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', position);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', position, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (end > bytes.length) return undefined;
    if (size === 0) return { content: Buffer.concat(chunks), end };
    chunks.push(bytes.subarray(lineEnd + 2, end - 2));
    position = end;
  }
}
