import type { HandlerContext } from '@connectrpc/connect';
import { callerOf } from '@mawid/service-kit';
import { isEtagMatch } from '../domain/etag.ts';
import { errors } from '../errors.ts';

/** Throws STALE_ETAG where the call names a version that is not this one. */
export function assertEtag(context: HandlerContext, row: { readonly version: bigint }): void {
  const { ifMatch } = callerOf(context);
  if (ifMatch !== undefined && !isEtagMatch(ifMatch, Number(row.version))) throw errors.staleEtag();
}
