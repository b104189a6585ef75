import { createHash } from 'node:crypto';
import type { HttpRoute } from '@mawid/service-kit';
import type { Context } from '../context.ts';

// Shorter than the lead of a new key: everybody has it before it signs.
const maxAgeSeconds = 300;

/** `GET /.well-known/jwks.json` */
export function jwksRoute(ctx: Context): HttpRoute {
  return {
    method: 'GET',
    path: '/.well-known/jwks.json',
    async handle(request, response) {
      const body = JSON.stringify({ keys: await ctx.keyRing.listPublicKeys() });
      const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
      const headers = { etag, 'cache-control': `public, max-age=${maxAgeSeconds}, stale-if-error=3600` };
      if (isKnown(request.headers['if-none-match'], etag)) response.writeHead(304, headers).end();
      else response.writeHead(200, { ...headers, 'content-type': 'application/jwk-set+json' }).end(body);
    },
  };
}

// Weak and strong tags compare the same here (RFC 9110, 13.1.2).
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}
