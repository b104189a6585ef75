import type { Stack } from '@mawid/dev-stack';
import pg from 'pg';
import { callRest, type Reply } from '../e2e/rest-call.ts';
import { type Query, readDamage, type Target } from './target.ts';

/** A whole system, attacked through its gateway. The loopback is a proxy that the gateway believes: it names the clients' addresses. */
export interface RestTarget extends Target {
  /** Of identity's database. */
  readonly query: Query;
  close(): Promise<void>;
}

export function createRestTarget({ urls, databaseUrls }: Pick<Stack, 'urls' | 'databaseUrls'>): RestTarget {
  const pool = new pg.Pool({ connectionString: databaseUrls.identity, max: 1 });
  const query: Query = async (text) => (await pool.query(text)).rows;
  const post = (path: string, body: object, address: string) =>
    callRest(urls.gateway, `POST ${path}`, { body, headers: { 'x-forwarded-for': address } });
  return {
    async requestCode({ phoneNumber, address, solution }) {
      const body = { phone_number: phoneNumber, ...(solution === undefined ? {} : { challenge_solution: solution }) };
      const reply = await post('/api/auth/phone/request', body, address);
      return {
        outcome: outcomeOf(reply),
        requestId: reply.body.request_id ?? '',
        retryAfter: Number(reply.headers.get('retry-after') ?? 0),
        puzzle: reply.body.metadata?.puzzle,
      };
    },
    async verify({ requestId, code, address }) {
      return outcomeOf(await post('/api/auth/phone/verify', { request_id: requestId, code }, address));
    },
    query,
    readDamage: () => readDamage(query),
    close: () => pool.end(),
  };
}

/** The reason, with the name of the limit where the answer says one. */
function outcomeOf({ status, body, headers }: Reply): string {
  if (status < 300) return 'ok';
  const limit = /^"([^"]+)"/.exec(headers.get('ratelimit') ?? '')?.[1];
  return `${body.code ?? status}${status === 429 && limit !== undefined ? ` (${limit})` : ''}`;
}
