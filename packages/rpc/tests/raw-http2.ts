import { connect, createServer, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface RawAnswer {
  header: IncomingHttpHeaders;
  trailer: IncomingHttpHeaders;
  /** Of each message, whether it is marked as compressed. */
  compressed: boolean[];
}

/** A gRPC message on the wire. */
export function toFrame(bytes: Buffer, compressed = false): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed ? 1 : 0, 0);
  head.writeUInt32BE(bytes.byteLength, 1);
  return Buffer.concat([head, bytes]);
}

/** A call by HTTP/2 alone, without any gRPC library. */
export async function callRaw(
  port: number,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body: Buffer },
): Promise<RawAnswer> {
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  const chunks: Buffer[] = [];
  const answer: RawAnswer = { header: {}, trailer: {}, compressed: [] };
  stream.on('response', (header) => {
    answer.header = header;
  });
  stream.on('trailers', (trailer) => {
    answer.trailer = trailer;
  });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.end(body);
  await new Promise((resolve, reject) => stream.on('close', resolve).on('error', reject));
  session.close();
  answer.compressed = flagsOf(Buffer.concat(chunks));
  return answer;
}

function flagsOf(body: Buffer): boolean[] {
  const flags: boolean[] = [];
  for (let at = 0; at + 5 <= body.byteLength; at += 5 + body.readUInt32BE(at + 1)) flags.push(body[at] === 1);
  return flags;
}

/** A server by HTTP/2 alone that answers every call with one message. */
export async function serveRaw(
  headers: Record<string, string>,
  body: Buffer,
): Promise<{ port: number; close(): void }> {
  const server = createServer();
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    const head = { ':status': 200, 'content-type': 'application/grpc', ...headers };
    stream.respond(head, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
