import { insertEvents } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { deleteTimeBlock } from '../db/time-blocks.ts';
import type { BlockSubject } from '../domain/time-block.ts';
import { toFreedEvent } from '../messages/to-time-block-message.ts';

/** Gives blocked time of the subject back; a block that is gone already, or is not the subject's, is not missed. */
export async function freeTime(ctx: Context, blockId: string, subject: BlockSubject): Promise<void> {
  await ctx.database.transaction(async (tx) => {
    const freed = await deleteTimeBlock(tx, blockId, subject);
    if (freed) await insertEvents(tx, [toFreedEvent(freed)]);
  });
  ctx.relay.wake();
}
