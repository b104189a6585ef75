import type { Exchange } from '../http/exchange.ts';
import type { Answer } from '../http/send.ts';
import { Refusal } from '../rest/problem/refusal.ts';
import { errorPage } from './error-page.ts';
import type { JwksSource } from './jwks.ts';
import type { Readiness } from './readiness.ts';

export interface SystemRoute {
  /** Asked for every second by those who watch the process: such requests are no traces of anybody. */
  readonly isProbe: boolean;
  /** Throws a refusal. */
  answer(exchange: Exchange): Promise<Answer>;
}

/** The routes that are the gateway's own business and no RPC's. */
export interface SystemRoutes {
  find(path: string): SystemRoute | undefined;
}

const errorPages = '/docs/errors/';

/** `/livez`, `/readyz`, `/.well-known/jwks.json`, `/docs/errors/{code}`. */
export function createSystemRoutes(sources: { readiness: Readiness; jwks: JwksSource }): SystemRoutes {
  const fixed = new Map<string, SystemRoute>([
    ['/livez', probe(async () => json(200, { status: 'ok' }))],
    ['/readyz', probe(() => readyAnswer(sources.readiness))],
    ['/.well-known/jwks.json', readable(() => sources.jwks.answer())],
  ]);
  return {
    find: (path) => {
      const bare = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
      const route = fixed.get(bare);
      if (route !== undefined || !bare.startsWith(errorPages)) return route;
      const page = errorPage(bare.slice(errorPages.length));
      return page && readable(async () => page);
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
function readable(answer: () => Promise<Answer>): SystemRoute {
  const headers = { allow: 'GET, HEAD, OPTIONS' };
  return {
    isProbe: false,
    answer: async ({ method }) => {
      if (method === 'GET' || method === 'HEAD') return answer();
      if (method === 'OPTIONS') return { status: 204, headers };
      throw new Refusal('METHOD_NOT_ALLOWED', { status: 405, headers });
    },
  };
}

function json(status: number, body: object): Answer {
  return { status, contentType: 'application/json', content: JSON.stringify(body) };
}
