import type { HandlerContext } from '@connectrpc/connect';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { requireVisibleResource } from './require-resource.ts';

/** Whose time it is: a resource and its salon. */
export interface ResourceOwner {
  readonly resourceId: string;
  readonly salonId: string;
}

/** The resource, for those who run its salon. */
export async function requireOwnResource(ctx: Context, context: HandlerContext, id: string): Promise<ResourceOwner> {
  const { resource, salon, isOwn } = await requireVisibleResource(ctx, context, id);
  if (!isOwn) throw errors.permissionDenied();
  return { resourceId: resource.id, salonId: salon.id };
}
