import type { Refusal } from '../rest/problem/refusal.ts';
import { type Problem, renderProblem } from '../rest/problem/render-problem.ts';
import type { Exchange } from './exchange.ts';
import { send } from './send.ts';

/** A refusal as the problem that this request's caller reads. */
export function problemOf(exchange: Exchange, refusal: Refusal): Problem {
  return renderProblem(refusal, {
    language: exchange.language ?? 'en',
    instance: exchange.path,
    traceId: exchange.traceId,
    bodyField: exchange.bodyField,
  });
}

/** Answers a refusal as application/problem+json. `headers` are those of every answer to this request. */
export function sendProblem(exchange: Exchange, refusal: Refusal, headers: Readonly<Record<string, string>>): void {
  const problem = problemOf(exchange, refusal);
  send(exchange, {
    status: problem.status,
    headers: { ...headers, ...problem.headers },
    contentType: 'application/problem+json',
    content: JSON.stringify(problem.body),
  });
}
