import type { IncomingMessage } from 'node:http';

export const maxBodyBytes = 65_536;

/** The body as text, or undefined when it is larger than the limit (the rest is then not read). */
export async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
