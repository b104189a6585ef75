import type { CreateBookingRequest } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { type Locale, refuse } from '@mawid/service-kit';
import type { BookingSource, Guest } from '../domain/booking.ts';
import { errors } from '../errors.ts';

/** For whom a booking is: one of both. */
export interface Customer {
  readonly customerId: string | undefined;
  readonly guest: Guest | undefined;
}

interface Entering {
  readonly userId: string;
  readonly source: BookingSource;
  readonly locale: Locale;
}

const walkIn: Record<Locale, string> = { ar: 'زائر', en: 'Walk-in' };

/** For whom the booking is, as the request says; throws VALIDATION_FAILED where it says too much or too little. */
export function toCustomer(request: CreateBookingRequest, { userId, source, locale }: Entering): Customer {
  const customerId = request.customerId.toLowerCase() || undefined;
  const guest = request.guest && { name: request.guest.name, phoneNumber: request.guest.phoneNumber };
  if (request.override && request.overrideReason.trim() === '') {
    throw errors.overrideReasonRequired('override_reason');
  }
  if (customerId !== undefined && guest) throw guestProblem('one_of');
  if (customerId !== undefined || guest) return { customerId, guest };
  if (source === 'customer') return { customerId: userId, guest };
  if (source === 'salon') throw guestProblem('required');
  return { customerId, guest: { name: walkIn[locale], phoneNumber: '' } };
}

function guestProblem(reason: 'one_of' | 'required'): Error {
  return refuse('VALIDATION_FAILED', { fields: [{ field: 'guest', reason }] });
}
