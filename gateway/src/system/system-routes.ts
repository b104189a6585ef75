import type { Exchange } from '../http/exchange.ts';
import type { Answer } from '../http/send.ts';
import type { Reference } from '../reference/reference.ts';
import { Refusal } from '../rest/problem/refusal.ts';
import type { JwksSource } from './jwks.ts';
import type { Readiness } from './readiness.ts';

export interface SystemRoute {
  /** Asked for every second by those who watch the process: such requests are no traces of anybody. */
  readonly isProbe: boolean;
  /** What may be asked of it. */
  readonly allow: readonly string[];
  /** Throws a refusal. Preflights are answered for it. */
  answer(exchange: Exchange): Promise<Answer>;
}

/** The routes that are the gateway's own business and no RPC's. */
export interface SystemRoutes {
  find(path: string): SystemRoute | undefined;
}

export interface SystemSources {
  readonly readiness: Readiness;
  readonly jwks: JwksSource;
  readonly reference: Reference;
}

/** `/livez`, `/readyz`, `/.well-known/jwks.json`, and those of the reference. */
export function createSystemRoutes({ readiness, jwks, reference }: SystemSources): SystemRoutes {
  const fixed = new Map<string, SystemRoute>([
    ['/livez', probe(async () => json(200, { status: 'ok' }))],
    ['/readyz', probe(() => readyAnswer(readiness))],
    ['/.well-known/jwks.json', readable(() => jwks.answer())],
  ]);
  return {
    find: (path) => {
      const bare = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
      const route = fixed.get(bare);
      if (route !== undefined) return route;
      const text = reference.find(bare);
      return text && readable(async (exchange) => text.answer(exchange));
    },
  };
}

async function readyAnswer(readiness: Readiness): Promise<Answer> {
  const services = await readiness.check();
  const ready = Object.values(services).every((serving) => serving);
  return json(ready ? 200 : 503, { status: ready ? 'ok' : 'not_ready', services });
}

function probe(answer: () => Promise<Answer>): SystemRoute {
  return { ...readable(answer), isProbe: true };
}

/** Only for GET and HEAD, and their preflights. */
function readable(answer: (exchange: Exchange) => Promise<Answer>): SystemRoute {
  const allow = ['GET', 'HEAD', 'OPTIONS'];
  return {
    isProbe: false,
    allow,
    answer: async (exchange) => {
      const { method } = exchange;
      if (method === 'GET' || method === 'HEAD') return answer(exchange);
      throw new Refusal('METHOD_NOT_ALLOWED', { status: 405, headers: { allow: allow.join(', ') } });
    },
  };
}

function json(status: number, body: object): Answer {
  return { status, contentType: 'application/json', content: JSON.stringify(body) };
}
