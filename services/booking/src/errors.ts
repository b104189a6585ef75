import { refuse } from '@mawid/service-kit';
import type { CalendarSalon } from './domain/calendar.ts';
import type { StartRefusal } from './domain/decide-start.ts';
import type { VisitRefusal } from './domain/plan-visit.ts';

/** Everything that booking can refuse a call for; codes and texts are in `errors.proto`. */
export const errors = {
  notFound: () => refuse('NOT_FOUND'),
  permissionDenied: () => refuse('PERMISSION_DENIED'),
  staleEtag: () => refuse('STALE_ETAG'),
  /** A time, or a wish, that cannot be booked. */
  notBookable: (reason: StartRefusal | VisitRefusal, salon: CalendarSalon) =>
    refuse(reason, {
      metadata: { slot_step_minutes: salon.slotStepMinutes, max_advance_days: salon.maxAdvanceDays },
    }),
  slotTaken: () => refuse('SLOT_TAKEN'),
  serviceNotOffered: () => refuse('SERVICE_NOT_OFFERED'),
  bookingIdUsed: () => refuse('BOOKING_ID_USED'),
  bookingNotCancellable: () => refuse('BOOKING_NOT_CANCELLABLE'),
  rangeInvalid: () => refuse('RANGE_INVALID'),
  windowsInvalid: () => refuse('WINDOWS_INVALID', { fields: [{ field: 'weekly', reason: 'WINDOWS_INVALID' }] }),
  timeZoneUnknown: () => refuse('TIME_ZONE_UNKNOWN', { fields: [{ field: 'time_zone', reason: 'TIME_ZONE_UNKNOWN' }] }),
  salonNotReady: () => refuse('SALON_NOT_READY'),
} as const;
