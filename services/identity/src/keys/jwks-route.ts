import type { HttpRoute } from '@mawid/service-kit';
import type { Context } from '../context.ts';

// Shorter than the lead of a new key: everybody has it before it signs.
const maxAgeSeconds = 300;

/** `GET /.well-known/jwks.json` */
export function jwksRoute(ctx: Context): HttpRoute {
  return {
    method: 'GET',
    path: '/.well-known/jwks.json',
    async handle(_, response) {
      const keys = await ctx.keyRing.listPublicKeys();
      response
        .writeHead(200, {
          'content-type': 'application/jwk-set+json',
          'cache-control': `public, max-age=${maxAgeSeconds}, stale-if-error=3600`,
        })
        .end(JSON.stringify({ keys }));
    },
  };
}
