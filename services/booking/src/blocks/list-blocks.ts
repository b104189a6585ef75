import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { TimeBlock as TimeBlockMessage } from '@mawid/contracts/gen/mawid/booking/v1/time_block_pb.js';
import { requireCursor, toPage, toPageSize } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { listTimeBlocks } from '../db/time-blocks.ts';
import type { BlockSubject } from '../domain/time-block.ts';
import { toTimeBlockMessage } from '../messages/to-time-block-message.ts';
import { toMoment } from '../messages/values.ts';

interface BlockListRequest {
  readonly from?: Timestamp | undefined;
  readonly pageSize: number;
  readonly pageToken: string;
}

interface BlockPage {
  readonly blocks: TimeBlockMessage[];
  readonly nextPageToken: string;
}

/** A page of the blocks of the subject, by start; without `from`, those that are not over. */
export async function listBlocks(ctx: Context, request: BlockListRequest, subject: BlockSubject): Promise<BlockPage> {
  const size = toPageSize(request.pageSize);
  // A moment from before we can count leaves nothing out.
  const from = request.from ? new Date(toMoment(request.from) ?? 0) : ctx.clock.now();
  const { staffId, resourceId } = subject;
  const scope = ['time_blocks', staffId ?? '', resourceId ?? '', request.from ? from.toISOString() : ''];
  const list = { key: ctx.config.pageTokenKey, list: scope };
  const [startAt, id] = requireCursor(list, request.pageToken) ?? [];
  const after = startAt === undefined || id === undefined ? undefined : { startAt: new Date(startAt), id };
  const blocks = await listTimeBlocks(ctx.database, { ...{ staffId, resourceId, from, after }, limit: size + 1 });
  const cursorOf = (block: (typeof blocks)[number]) => [block.startAt.toISOString(), block.id];
  const { rows, nextPageToken } = toPage(blocks, size, { ...list, cursorOf });
  return { blocks: rows.map(toTimeBlockMessage), nextPageToken };
}
