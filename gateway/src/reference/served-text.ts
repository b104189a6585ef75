import { createHash } from 'node:crypto';
import type { Exchange } from '../http/exchange.ts';
import { headerOf } from '../http/request-headers.ts';
import type { Answer } from '../http/send.ts';

/** A text or file that stays the same while the process runs. */
export interface ServedText {
  /** The content, or 304 to those who have it. */
  answer(exchange: Exchange): Answer;
}

export interface TextOptions {
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds that clients use it without asking; 0 where they ask each time. */
  readonly maxAge: number;
}

/** Serves what `load` gives; it is called for the first request, and again only after it threw. */
export function serveText(load: () => string | Buffer, { contentType, headers, maxAge }: TextOptions): ServedText {
  let kept: { content: string | Buffer; etag: string } | undefined;
  return {
    answer: ({ request }) => {
      kept ??= toKept(load());
      const { content, etag } = kept;
      const all = { ...headers, etag, 'cache-control': maxAge === 0 ? 'no-cache' : `public, max-age=${maxAge}` };
      const isKnown = knownTags(headerOf(request, 'if-none-match')).some((tag) => tag === etag || tag === '*');
      return isKnown ? { status: 304, headers: all } : { status: 200, headers: all, contentType, content };
    },
  };
}

function toKept(content: string | Buffer): { content: string | Buffer; etag: string } {
  return { content, etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"` };
}

/** RFC 9110 §13.1.2: weak comparison. */
function knownTags(header: string | undefined): string[] {
  return (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}
