import type { MessageFailedSchema } from '@mawid/contracts/gen/mawid/notify/events/v1/events_pb.js';
import type { EventHandler } from '@mawid/service-kit';
import { validate as isUuid } from 'uuid';
import { countPrefixOutcome } from '../budgets/count-prefix-outcome.ts';
import type { Context } from '../context.ts';
import { markUndelivered } from '../db/undelivered-codes.ts';

/** A code that never arrived could not be entered: it says nothing about whoever asked for it. */
export function onMessageFailed(ctx: Context): EventHandler<typeof MessageFailedSchema> {
  return async (tx, { message }) => {
    // One whose answer was lost may have arrived all the same.
    if (message.kind !== 'otp' || message.outcomeUnknown || !isUuid(message.referenceId)) return;
    const now = ctx.clock.now();
    const code = await markUndelivered(tx, message.referenceId, now);
    if (code !== undefined) await countPrefixOutcome(ctx, tx, { code, outcome: 'undelivered', now });
  };
}
