import { type IdempotencyKey, idempotencyWaitMs, type Queryable, toInProgress, toOutboxRows } from '@mawid/service-kit';
import type { Actor } from '../domain/booking.ts';
import type { CalendarStaff } from '../domain/calendar.ts';
import type { BookingDraft, Chosen } from '../domain/create-booking-draft.ts';
import type { FreeItem } from '../domain/decide-start.ts';
import type { Interval } from '../domain/interval.ts';
import { toDraftBytes, toItemBytes, toStaffBytes } from '../messages/to-booking-bytes.ts';
import { toBookingEvent } from '../messages/to-booking-event.ts';
import { toPicks } from './picks.ts';
import { toRange } from './ranges.ts';

export interface NewBooking {
  readonly draft: BookingDraft;
  /** With everybody who may do them. */
  readonly items: readonly FreeItem[];
  /** In which "any" goes to those who have least to do. */
  readonly day: Interval;
  /** Of the calendar by which it was decided. */
  readonly calendarVersion: number;
  /** Whether the salon's limit of open bookings counts. */
  readonly isLimited: boolean;
  /** Whether the client made the id: then the booking may exist already. */
  readonly isOwnId: boolean;
  readonly actor: Actor;
  readonly reason: string;
  readonly key: IdempotencyKey | undefined;
}

/** See the function `create_booking`. */
export type InsertOutcome =
  | { readonly outcome: 'created'; readonly chosen: readonly Chosen[] }
  | { readonly outcome: 'taken' | 'resource_busy' | 'id_used' | 'too_many_open' | 'stale' | 'key_known' };

interface OutcomeRow {
  outcome: InsertOutcome['outcome'];
  picked: string[] | null;
}

const text = `SELECT outcome, picked FROM create_booking($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
  $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)`;

/** Writes all of a booking, or nothing, in one statement. Throws IDEMPOTENCY_IN_PROGRESS while another call has the key. */
export async function insertBooking(on: Queryable, booking: NewBooking): Promise<InsertOutcome> {
  const picks = toPicks(booking.items);
  const values = [
    ...toBookingValues(booking),
    toRange(booking.day),
    booking.items.map(({ claim }) => toRange(claim)),
    picks.itemNumbers,
    picks.options,
    ...toItemValues(booking),
    ...[booking.actor.kind, booking.actor.userId, booking.reason],
    ...toEventValues(booking.draft),
    ...toKeyValues(booking),
  ];
  const [row] = await insert(on, values, booking.key);
  if (row?.outcome !== 'created') return { outcome: row?.outcome ?? 'taken' };
  return { outcome: 'created', chosen: picks.toChosen(row.picked ?? []) };
}

async function insert(on: Queryable, values: unknown[], key: IdempotencyKey | undefined): Promise<OutcomeRow[]> {
  try {
    return (await on.query<OutcomeRow>({ name: 'booking.insert', text, values })).rows;
  } catch (error) {
    if (isConflict(error, key !== undefined)) return [{ outcome: 'taken', picked: null }];
    return toInProgress(error);
  }
}

// The function answers these itself; they can still come from outside of its exception block. Who waits too long without a
// key waits for somebody else's claims; with one, for the call that has the key.
function isConflict(error: unknown, hasKey: boolean): boolean {
  const { code } = error as { code?: string };
  return code === '23P01' || code === '40P01' || (code === '55P03' && !hasKey);
}

function toBookingValues({ draft, calendarVersion, isLimited, isOwnId }: NewBooking): unknown[] {
  const items = JSON.stringify(draft.items.map(toItemRow));
  return [JSON.stringify(toBookingRow(draft)), items, draft.createdAt, calendarVersion, isLimited, isOwnId];
}

function toItemValues({ draft, items }: NewBooking): unknown[] {
  const staff = new Map<string, CalendarStaff>(items.flatMap(({ free }) => free.map((each) => [each.id, each])));
  const all = [...staff.values()];
  return [
    draft.items.map((item) => Buffer.from(toItemBytes(item, draft.currency))),
    all.map(({ id }) => id),
    all.map(({ name }) => [name.ar, name.en]),
    all.map((each) => Buffer.from(toStaffBytes(each))),
  ];
}

function toEventValues(draft: BookingDraft): unknown[] {
  const [row] = toOutboxRows([toBookingEvent({ ...draft, items: [] })]);
  if (!row) throw new Error('an event makes an outbox row');
  return [row.id, row.subject, Buffer.from(row.payload), row.lane, row.traceparent, row.tracestate];
}

function toKeyValues({ draft, key }: NewBooking): unknown[] {
  if (!key) return [undefined, undefined, undefined, undefined, undefined, undefined];
  return [key.userId, key.method, key.key, key.hash, String(idempotencyWaitMs), Buffer.from(toDraftBytes(draft))];
}

function toBookingRow(draft: BookingDraft) {
  return {
    id: draft.id,
    salon_id: draft.salonId,
    customer_id: draft.customerId,
    guest_name: draft.guest?.name,
    guest_phone: draft.guest?.phoneNumber || undefined,
    source: draft.source,
    created_by: draft.createdBy,
    overridden: draft.isOverridden,
    state: draft.state,
    start_at: draft.startAt,
    end_at: draft.endAt,
    total_amount: String(draft.totalAmount),
    amount_due: String(draft.amountDue),
    amount_paid: String(draft.amountPaid),
    currency: draft.currency,
    hold_expires_at: draft.holdExpiresAt,
    approval_expires_at: draft.approvalExpiresAt,
    payment_policy: draft.paymentPolicy,
    free_until_hours: draft.cancellationPolicy.freeUntilHours,
    late_fee_percent: draft.cancellationPolicy.lateFeePercent,
    no_show_fee_percent: draft.cancellationPolicy.noShowFeePercent,
    customer_note: draft.customerNote,
    salon_name_ar: draft.salonName.ar,
    salon_name_en: draft.salonName.en,
    time_zone: draft.timeZone,
    version: draft.version,
    created_at: draft.createdAt,
    updated_at: draft.updatedAt,
  };
}

function toItemRow(item: BookingDraft['items'][number], position: number) {
  return {
    position,
    service_id: item.serviceId,
    any_staff: item.isAnyStaff,
    service_name_ar: item.serviceName.ar,
    service_name_en: item.serviceName.en,
    start_at: item.startAt,
    end_at: item.endAt,
    price_amount: String(item.priceAmount),
  };
}
