import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  BookingCancelledSchema,
  BookingConfirmedSchema,
  BookingHeldSchema,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { type Booking, BookingSchema, CancelledBy } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import {
  OtpRequestedSchema,
  SecurityNoticeKind,
  SecurityNoticeSchema,
  UserErasedSchema,
  UserUpdatedSchema,
  UserVerifiedSchema,
} from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { CodeChannel } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { RefundSucceededSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import type { OutgoingEvent } from '@mawid/service-kit';
import { CompactEncrypt } from 'jose';
import { v7 as uuidv7 } from 'uuid';

const minuteMs = 60_000;

export interface Person {
  userId: string;
  phone: string;
}

let people = 0;

/** A person whom nobody else in the run is. */
export function createPerson(): Person {
  people++;
  return { userId: uuidv7(), phone: `+9665${String(10_000_000 + people)}` };
}

interface ContactOptions {
  language?: string;
  version?: number;
}

function toContact({ userId, phone }: Person, { language = 'ar', version = 1 }: ContactOptions) {
  return { userId, phoneNumber: phone, language, isPhoneVerified: true, version: BigInt(version) };
}

export function userVerified(person: Person, options: ContactOptions = {}): OutgoingEvent {
  const message = create(UserVerifiedSchema, { contact: toContact(person, options) });
  return toEvent(UserVerifiedSchema, message, { id: person.userId, version: options.version ?? 1 });
}

export function userUpdated(person: Person, options: ContactOptions = {}): OutgoingEvent {
  const message = create(UserUpdatedSchema, { contact: toContact(person, options) });
  return toEvent(UserUpdatedSchema, message, { id: person.userId, version: options.version ?? 2 });
}

export function userErased({ userId }: Person, version = 9): OutgoingEvent {
  const message = create(UserErasedSchema, { userId, version: BigInt(version) });
  return toEvent(UserErasedSchema, message, { id: userId, version });
}

export interface NoticeOptions {
  language?: string;
  detail?: string;
  occurredAt?: Date;
}

export function securityNotice(person: Person, kind: SecurityNoticeKind, options: NoticeOptions = {}): OutgoingEvent {
  const noticeId = uuidv7();
  const message = create(SecurityNoticeSchema, {
    ...{ noticeId, kind, userId: person.userId, phoneNumber: person.phone },
    ...{ language: options.language ?? 'ar', detail: options.detail ?? '' },
    occurredAt: timestampFromDate(options.occurredAt ?? new Date()),
  });
  return toEvent(SecurityNoticeSchema, message, { id: noticeId, version: 1 });
}

/** A booking of the person for the day after tomorrow, held until ten minutes from now, 115.00 riyals to pay. */
export function createBooking(person: Person, id: string = uuidv7()): Booking {
  const now = Date.now();
  const startAt = new Date(now + 2 * 24 * 60 * minuteMs);
  return create(BookingSchema, {
    id,
    customerId: person.userId,
    salonName: { ar: 'صالون الأناقة', en: 'Elegance Salon' },
    timeZone: 'Asia/Riyadh',
    startAt: timestampFromDate(startAt),
    holdExpiresAt: timestampFromDate(new Date(now + 10 * minuteMs)),
    amountDue: { amount: 11_500n, currency: 'SAR' },
    amountPaid: { amount: 11_500n, currency: 'SAR' },
    cancellation: { cancelledBy: CancelledBy.CUSTOMER },
  });
}

export function bookingHeld(booking: Booking, version: number): OutgoingEvent {
  const message = create(BookingHeldSchema, { booking, version: BigInt(version) });
  return toEvent(BookingHeldSchema, message, { id: booking.id, version });
}

export function bookingConfirmed(booking: Booking, version: number): OutgoingEvent {
  const message = create(BookingConfirmedSchema, { booking, version: BigInt(version) });
  return toEvent(BookingConfirmedSchema, message, { id: booking.id, version });
}

export function bookingCancelled(booking: Booking, version: number): OutgoingEvent {
  const refundDue = { amount: 11_500n, currency: 'SAR' };
  const message = create(BookingCancelledSchema, { booking, version: BigInt(version), refundDue });
  return toEvent(BookingCancelledSchema, message, { id: booking.id, version });
}

export function refundSucceeded({ id: bookingId, customerId }: Booking): OutgoingEvent {
  const [refundId, paymentId] = [uuidv7(), uuidv7()];
  const amount = { amount: 11_500n, currency: 'SAR' };
  const message = create(RefundSucceededSchema, { refundId, paymentId, bookingId, customerId, amount });
  return toEvent(RefundSucceededSchema, message, { id: paymentId, version: 3 });
}

export interface CodeOptions {
  code: string;
  channel?: 'sms' | 'whatsapp';
  language?: string;
  expiresInMs?: number;
  requestId?: string;
}

/** As identity writes it: sealed for notify alone. */
export async function otpRequested(person: Person, key: Uint8Array, options: CodeOptions): Promise<OutgoingEvent> {
  const requestId = options.requestId ?? uuidv7();
  const sealed = await new CompactEncrypt(new TextEncoder().encode(options.code))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(key);
  const message = create(OtpRequestedSchema, {
    requestId,
    phoneNumber: person.phone,
    channel: options.channel === 'whatsapp' ? CodeChannel.WHATSAPP : CodeChannel.SMS,
    purpose: 'auth',
    encryptedCode: sealed,
    language: options.language ?? 'ar',
    expiresAt: timestampFromDate(new Date(Date.now() + (options.expiresInMs ?? 5 * minuteMs))),
  });
  return toEvent(OtpRequestedSchema, message, { id: requestId, version: 1 });
}

function toEvent<E extends OutgoingEvent>(
  schema: E['schema'],
  message: E['message'],
  { id, version }: { id: string; version: number },
): OutgoingEvent {
  return { schema, message, aggregateId: id, aggregateVersion: version, id: uuidv7() };
}

export { SecurityNoticeKind };
