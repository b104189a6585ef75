import type { IncomingMessage } from 'node:http';
import { Refusal } from '../rest/problem/refusal.ts';

/** The client went away; nobody is left to answer. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
}

/** What is read and thrown away of a body that is too large, so that its sender gets to read the refusal, in multiples of the limit. */
const patience = 4;
const empty = Buffer.alloc(0);

/** Requests whose body broke off on the way, and what they are refused with. */
const broken = new WeakMap<IncomingMessage, Refusal>();

/** Says that the rest of a body does not come, or not in a form that can be read: whoever reads it, now or later, gets the refusal. */
export function breakBody(request: IncomingMessage, refusal: Refusal): void {
  broken.set(request, refusal);
  // Without a listener the error would end the process.
  if (request.listenerCount('error') > 0) request.emit('error', refusal);
}

/** Reads a body of at most `limit` bytes. Rejects with the 413 refusal, the one of {@link breakBody}, or {@link ClientGoneError} when it ends early. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit * patience) throw tooLarge(limit);
  if (announced === 0 && request.headers['transfer-encoding'] === undefined) return empty;
  const refusal = request.complete ? undefined : broken.get(request);
  if (refusal !== undefined) throw refusal;
  const { chunks, size } = await collect(request, limit);
  if (size > limit) throw tooLarge(limit);
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function collect(request: IncomingMessage, limit: number): Promise<{ chunks: Buffer[]; size: number }> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks = [];
      if (size > limit * patience) resolve({ chunks, size });
    });
    request.once('end', () => resolve({ chunks, size }));
    request.once('close', () => {
      // Every request closes in the end; making an error that nobody sees cost 5 to 12 % of the CPU of a POST.
      if (!request.readableEnded) reject(new ClientGoneError('the request ended early'));
    });
    request.once('error', (error) =>
      reject(error instanceof Refusal ? error : new ClientGoneError('the request failed', { cause: error })),
    );
  });
}

/** The 413 refusal; it ends the connection. */
export function tooLarge(limit: number): Refusal {
  // What is left of the body must not be taken for the next request.
  const headers = { connection: 'close' };
  return new Refusal('PAYLOAD_TOO_LARGE', { status: 413, metadata: { max_bytes: String(limit) }, headers });
}
