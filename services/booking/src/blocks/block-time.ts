import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { HandlerContext } from '@connectrpc/connect';
import {
  type TimeBlockKind as KindMessage,
  type TimeBlock as TimeBlockMessage,
  TimeBlockSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/time_block_pb.js';
import { type IdempotentCall, insertEvents, requireUser, runIdempotent, type Transaction } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { findObstacle, insertTimeBlock, releaseLapsedClaims } from '../db/time-blocks.ts';
import { type BlockSubject, isBlockable, type TimeBlock } from '../domain/time-block.ts';
import { errors } from '../errors.ts';
import { timeBlockKind } from '../messages/enums.ts';
import { toBlockedEvent, toTimeBlockMessage } from '../messages/to-time-block-message.ts';
import { toMoment } from '../messages/values.ts';

/** What requests for time off and for blocks of resources have in common. */
export interface BlockRequest {
  readonly startAt?: Timestamp | undefined;
  readonly endAt?: Timestamp | undefined;
  readonly kind: KindMessage;
  readonly reason: string;
}

/** Whose time is to be blocked, in which salon. */
export interface BlockTarget extends BlockSubject {
  readonly salonId: string;
}

export interface BlockCall {
  readonly context: HandlerContext;
  readonly method: IdempotentCall<typeof TimeBlockSchema>['method'];
  readonly request: BlockRequest & IdempotentCall<typeof TimeBlockSchema>['request'];
}

// What is in the way and yet nothing goes within moments, but for somebody who makes and drops it again and again.
const attempts = 8;

/** Blocks time of a staff member or a resource, once per idempotency key. */
export async function blockTime(ctx: Context, call: BlockCall, target: BlockTarget): Promise<TimeBlockMessage> {
  const { context, method, request } = call;
  const block = toBlock(ctx, call, target);
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      const once = { method, request, response: TimeBlockSchema };
      const answer = await runIdempotent(ctx.database, context, once, (tx) => claimBlock(ctx, tx, block));
      ctx.relay.wake();
      return answer;
    } catch (error) {
      if (error !== passingObstacle) throw error;
    }
    await releaseLapsedClaims(ctx.database, block, ctx.clock.now());
  }
  throw errors.timeHasBookings();
}

function toBlock(ctx: Context, { context, request }: BlockCall, target: BlockTarget): TimeBlock {
  return {
    ...{ id: uuidv7(), salonId: target.salonId, staffId: target.staffId, resourceId: target.resourceId },
    kind: timeBlockKind.toWord(request.kind) ?? (target.staffId === undefined ? 'block' : 'time_off'),
    // A moment that cannot be counted with is in no span.
    startAt: new Date(toMoment(request.startAt) ?? Number.NaN),
    endAt: new Date(toMoment(request.endAt) ?? Number.NaN),
    reason: request.reason,
    createdBy: requireUser(context).userId,
    createdAt: ctx.clock.now(),
  };
}

/** Rolls the attempt back: the time was claimed by nothing that lasts. */
const passingObstacle = new Error('the time was claimed for a moment');

async function claimBlock(ctx: Context, tx: Transaction, block: TimeBlock): Promise<TimeBlockMessage> {
  const span = { from: block.startAt.getTime(), to: block.endAt.getTime() };
  if (!isBlockable(span, block.createdAt)) throw errors.spanInvalid();
  if (!(await insertTimeBlock(tx, block))) throw await toRefusal(ctx, tx, block);
  await insertEvents(tx, [toBlockedEvent(block)]);
  return toTimeBlockMessage(block);
}

async function toRefusal(ctx: Context, tx: Transaction, block: TimeBlock): Promise<Error> {
  const obstacle = await findObstacle(tx, block, ctx.clock.now());
  if (!obstacle) return passingObstacle;
  return obstacle === 'booking' ? errors.timeHasBookings() : errors.timeAlreadyBlocked();
}
