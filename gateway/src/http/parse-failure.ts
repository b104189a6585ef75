import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Refusal } from '../rest/problem/refusal.ts';
import { renderProblem } from '../rest/problem/render-problem.ts';

const statuses: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Connections that are ending; what else comes on them makes more errors. */
const failed = new WeakSet<Socket>();

/**
 * Answers what is no HTTP, or too slow or too large for its header, and ends the connection. Nothing of the request is known, so the problem names no
 * instance and no trace. Whole requests before it get their own answers first: whoever reads a refusal of another one would take it for theirs.
 */
export function answerParseFailure(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  if (failed.has(socket)) return;
  failed.add(socket);
  endAfterAnswers(error, socket);
}

function endAfterAnswers(error: Error & { code?: string }, socket: Socket): void {
  const answering = answeringOn(socket);
  const isLasting = answering?.headersSent === true && !answering.writableEnded;
  if (answering?.req.complete && !isLasting) answering.once('close', () => endAfterAnswers(error, socket));
  // In the middle of a stream, or of an answer to what is broken itself, a second head would be taken for the rest of the first.
  else if (answering?.headersSent || !socket.writable) socket.destroy();
  else endWithProblem(error, socket);
}

function endWithProblem(error: Error & { code?: string }, socket: Socket): void {
  const status = statuses[error.code ?? ''] ?? 400;
  const problem = renderProblem(new Refusal('MALFORMED_REQUEST', { status }), { language: 'en' });
  const body = JSON.stringify(problem.body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Language: en',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${randomUUID()}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** The answer whose turn it is. node:http's own handler looks at the same mark; there is no public one. */
function answeringOn(socket: Socket): ServerResponse | undefined {
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined;
}
