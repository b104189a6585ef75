import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';
import { callerOf, type IdempotentCall, runIdempotent } from '@mawid/service-kit';
import type { Context } from '../context.ts';

/**
 * The answer that an earlier call with the same idempotency key got. For effects that cannot run inside the key's
 * transaction: look here first, act, and store the answer by `runIdempotent` at the end.
 */
export async function findReplay<D extends DescMessage>(
  { database }: Context,
  context: HandlerContext,
  call: IdempotentCall<D>,
): Promise<MessageShape<D> | undefined> {
  if (callerOf(context).idempotencyKey === undefined) return undefined;
  const isFirst = new Error('no earlier call');
  try {
    // Thrown inside, so that the key is not kept.
    return await runIdempotent(database, context, call, () => Promise.reject(isFirst));
  } catch (error) {
    if (error === isFirst) return undefined;
    throw error;
  }
}
