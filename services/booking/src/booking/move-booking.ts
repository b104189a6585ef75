import type { DescMethod, Message } from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';
import { type Booking as BookingMessage, BookingSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { requireUser, runIdempotent, type Transaction } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import type { LoadedBooking } from '../db/booking-row.ts';
import { lockBooking } from '../db/find-booking.ts';
import type { MoveDecision } from '../domain/advance-booking.ts';
import type { Booking } from '../domain/booking.ts';
import { findActing, findRelation, type Relation, type User } from '../domain/booking-rights.ts';
import { isEtagMatch } from '../domain/etag.ts';
import { errors } from '../errors.ts';
import { toBookingMessage } from '../messages/to-booking-message.ts';
import { saveMove } from './save-move.ts';

/** A locked booking that somebody may move. */
export interface MovableBooking {
  readonly tx: Transaction;
  readonly booking: Booking;
  readonly by: Relation;
  readonly now: Date;
}

/** A call that moves a booking. */
export interface MoveCall {
  readonly method: DescMethod;
  readonly request: Message & { readonly bookingId: string; readonly reason?: string };
  readonly isOverridden?: boolean | undefined;
  /** Who may; to others who know the booking it is PERMISSION_DENIED. */
  readonly allowed: readonly Relation[];
  /** What becomes of the booking. It throws refusals that have more to tell than their reason. */
  decide(seen: MovableBooking): MoveDecision | Promise<MoveDecision>;
}

/** Who speaks for the salon. */
export const managing: readonly Relation[] = ['manager', 'admin'];
/** Those, and who does one of the booking's services. */
export const attending: readonly Relation[] = [...managing, 'staff'];
/** Those whose booking it is: the salon and the customer. */
export const owning: readonly Relation[] = [...managing, 'customer'];

/** The one way in which a call moves a booking: lock it, look at rights and etag, decide, write, tell. */
export async function moveBooking(ctx: Context, context: HandlerContext, call: MoveCall): Promise<BookingMessage> {
  const user = requireUser(context);
  const { method, request } = call;
  // Claims are taken in one order, but a booking that moves holds its old time while it waits for its new one.
  const once = { method, request, response: BookingSchema, retries: 3 };
  const answer = await runIdempotent(ctx.database, context, once, async (tx) =>
    toBookingMessage(await move(ctx, tx, { call, user })),
  );
  ctx.relay.wake();
  return answer;
}

type Caller = User & { readonly ifMatch?: string | undefined };

async function move(ctx: Context, tx: Transaction, { call, user }: { call: MoveCall; user: Caller }): Promise<Booking> {
  const { booking: before, by } = requireActing(await lockBooking(tx, call.request.bookingId), user, call.allowed);
  if (user.ifMatch !== undefined && !isEtagMatch(user.ifMatch, before.version)) throw errors.staleEtag();
  const decision = await call.decide({ tx, booking: before, by, now: ctx.clock.now() });
  if ('refusal' in decision) throw errors.moveRefused(decision.refusal);
  const { reason } = call.request;
  const actor = { userId: user.userId, kind: by };
  await saveMove(ctx, tx, { ...decision, before, actor, reason, isOverridden: call.isOverridden });
  return decision.booking;
}

/** The booking and as what the user acts on it; throws where it must stay unknown to them, or they may only look at it. */
export function requireActing(
  found: LoadedBooking | undefined,
  user: User,
  allowed: readonly Relation[],
): { readonly booking: Booking; readonly by: Relation } {
  if (!found || !findRelation(user, found.parties)) throw errors.notFound();
  const by = findActing(user, found.parties, allowed);
  if (!by) throw errors.permissionDenied();
  return { booking: found.booking, by };
}
