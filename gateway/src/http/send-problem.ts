import type { Refusal } from '../rest/problem/refusal.ts';
import { renderProblem } from '../rest/problem/render-problem.ts';
import type { Exchange } from './exchange.ts';
import { send } from './send.ts';

/** Answers a refusal as application/problem+json. `headers` are those of every answer to this request. */
export function sendProblem(exchange: Exchange, refusal: Refusal, headers: Readonly<Record<string, string>>): void {
  const problem = renderProblem(refusal, {
    language: exchange.language ?? 'en',
    instance: exchange.path,
    traceId: exchange.traceId,
    bodyField: exchange.bodyField,
  });
  send(exchange, {
    status: problem.status,
    headers: { ...headers, ...problem.headers },
    contentType: 'application/problem+json',
    content: JSON.stringify(problem.body),
  });
}
