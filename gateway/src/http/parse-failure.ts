import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Refusal } from '../rest/problem/refusal.ts';
import { renderProblem } from '../rest/problem/render-problem.ts';
import { breakBody } from './read-body.ts';

const statuses: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Connections that are ending; what else comes on them makes more errors. */
const failed = new WeakSet<Socket>();

/** What was answered to bytes that became no request. */
export interface UnreadableRequest {
  readonly status: number;
  /** Made here; the answer names it. */
  readonly requestId: string;
}

interface Failure {
  readonly status: number;
  readonly socket: Socket;
  readonly onUnreadable: (request: UnreadableRequest) => void;
}

/**
 * Ends a connection whose bytes are not valid HTTP, or come too slowly or in too large a header. A request whose header is complete is refused by its own
 * handler, like any other. Of bytes without one nothing is known: their problem names no instance and no trace, carries no CORS headers, and `onUnreadable` is told.
 * Complete requests before them get their own answers first, for a client takes answers in the order of its requests.
 */
export function answerParseFailure(
  error: Error & { code?: string },
  socket: Socket,
  onUnreadable: (request: UnreadableRequest) => void,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  if (failed.has(socket)) return;
  failed.add(socket);
  endAfterAnswers({ status: statuses[error.code ?? ''] ?? 400, socket, onUnreadable });
}

function endAfterAnswers(failure: Failure): void {
  const { socket, status } = failure;
  const answering = answeringOn(socket);
  const isLasting = answering?.headersSent === true && !answering.writableEnded;
  if (answering?.req.complete && !isLasting) answering.once('close', () => endAfterAnswers(failure));
  // In the middle of a stream, or of an answer to what is broken itself, a second head would be taken for the rest of the first.
  else if (answering?.headersSent || !socket.writable) socket.destroy();
  else if (answering !== undefined) {
    answering.shouldKeepAlive = false;
    breakBody(answering.req, new Refusal('MALFORMED_REQUEST', { status }));
  } else endWithProblem(failure);
}

function endWithProblem({ status, socket, onUnreadable }: Failure): void {
  const requestId = randomUUID();
  const problem = renderProblem(new Refusal('MALFORMED_REQUEST', { status }), { language: 'en' });
  const body = JSON.stringify(problem.body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Cache-Control: no-store',
    'Connection: close',
    'Content-Language: en',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  onUnreadable({ status, requestId });
}

/** The answer whose turn it is. node:http's own handler looks at the same mark; there is no public one. */
function answeringOn(socket: Socket): ServerResponse | undefined {
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined;
}
