import { create } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { HandlerContext, MethodImpl } from '@connectrpc/connect';
import {
  type BookingService,
  type ListBookingsRequest,
  ListBookingsResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { requireCursor, requireUser, toPage, toPageSize } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { type BookingScope, listBookings as readBookings } from '../db/list-bookings.ts';
import { errors } from '../errors.ts';
import { bookingState } from '../messages/enums.ts';
import { toBookingMessage } from '../messages/to-booking-message.ts';
import { latestMoment, toMoment } from '../messages/values.ts';
import { requireVisibleSalon } from '../rights/require-salon.ts';

export function listBookings(ctx: Context): MethodImpl<typeof BookingService.method.listBookings> {
  return async (request, context) => {
    const scope = await requireScope(ctx, context, request.salonId.toLowerCase());
    const filters = toFilters(request);
    const size = toPageSize(request.pageSize);
    const list = { key: ctx.config.pageTokenKey, list: ['bookings', scope, filters] };
    const cursor = requireCursor(list, request.pageToken);
    const bookings = await readBookings(ctx.database, {
      ...{ scope, ...filters, limit: size + 1 },
      after: cursor && { startAt: new Date(cursor[0] ?? ''), id: cursor[1] ?? '' },
    });
    const { rows, nextPageToken } = toPage(bookings, size, {
      ...list,
      cursorOf: ({ startAt, id }) => [startAt.toISOString(), id],
    });
    return create(ListBookingsResponseSchema, { bookings: rows.map(toBookingMessage), nextPageToken });
  };
}

function toFilters({ state, from, to, staffId }: ListBookingsRequest) {
  return {
    state: bookingState.toWord(state),
    from: toBound(from),
    to: toBound(to),
    staffId: staffId.toLowerCase() || undefined,
  };
}

// No booking is older than what we can count with, nor later.
function toBound(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp && new Date(toMoment(timestamp) ?? (timestamp.seconds < 0n ? 0 : latestMoment));
}

async function requireScope(ctx: Context, context: HandlerContext, salonId: string): Promise<BookingScope> {
  const { userId, role } = requireUser(context);
  if (salonId === '') return { customerId: userId };
  const isStaff = role === 'staff' || role === 'manager';
  const works =
    isStaff &&
    (await ctx.prisma.staffMember.findFirst({ where: { salonId, userId, deletedAt: null }, select: { id: true } }));
  // Staff know their salon, whether or not it is published.
  const isOwn = works
    ? await runsSalon(ctx, context, salonId)
    : (await requireVisibleSalon(ctx, context, salonId)).isOwn;
  if (isOwn) return { salonId };
  if (!works) throw errors.permissionDenied();
  return { salonId, staffUserId: userId };
}

async function runsSalon(ctx: Context, context: HandlerContext, salonId: string): Promise<boolean> {
  const { userId, role } = requireUser(context);
  if (role !== 'manager') return false;
  return (await ctx.prisma.salon.count({ where: { id: salonId, managerId: userId } })) > 0;
}
