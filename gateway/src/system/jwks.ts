import type { Answer } from '../http/send.ts';
import { Refusal } from '../rest/problem/refusal.ts';

/** identity's public keys under the public address. */
export interface JwksSource {
  /** Throws the refusal 503 where the keys were never fetched and cannot be. */
  answer(): Promise<Answer>;
}

export interface JwksOptions {
  readonly url: string;
  readonly now: () => number;
}

const freshMs = 60_000;
const timeoutMs = 3_000;

/** Fetches the key set and keeps it a minute; an older one is given where identity cannot be reached, and the refusal where there is none at all. */
export function createJwksSource({ url, now }: JwksOptions): JwksSource {
  let kept: { content: string; until: number } | undefined;
  let fetching: Promise<void> | undefined;
  const refresh = async (): Promise<void> => {
    kept = { content: await fetchKeys(url), until: now() + freshMs };
  };
  return {
    answer: async () => {
      if (kept === undefined || kept.until <= now()) {
        fetching ??= refresh().finally(() => {
          fetching = undefined;
        });
        await fetching.catch(() => undefined);
      }
      if (kept === undefined) throw new Refusal('UNAVAILABLE', { status: 503, retryAfterSeconds: 2 });
      return toAnswer(kept.content);
    },
  };
}

async function fetchKeys(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`the key set answered ${response.status}`);
  return JSON.stringify(await response.json());
}

function toAnswer(content: string): Answer {
  return {
    status: 200,
    headers: { 'cache-control': 'public, max-age=60' },
    contentType: 'application/json',
    content,
  };
}
