import { refuse } from '@mawid/service-kit';
import type { MoveRefusal } from './domain/advance-booking.ts';
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
  tooManyOpenBookings: ({ maxOpenBookings }: CalendarSalon) =>
    refuse('TOO_MANY_OPEN_BOOKINGS', { metadata: { max_open_bookings: maxOpenBookings } }),
  slotTaken: () => refuse('SLOT_TAKEN'),
  resourceBusy: () => refuse('RESOURCE_BUSY'),
  serviceNotOffered: () => refuse('SERVICE_NOT_OFFERED'),
  bookingIdUsed: () => refuse('BOOKING_ID_USED'),
  /** What a booking's state, or the time, does not allow. */
  moveRefused: (reason: MoveRefusal) => refuse(reason),
  overrideReasonRequired: (field: 'reason' | 'override_reason') =>
    refuse('VALIDATION_FAILED', { fields: [{ field, reason: 'required' }] }),
  staffIdsInvalid: () => refuse('VALIDATION_FAILED', { fields: [{ field: 'staff_ids', reason: 'repeated.len' }] }),
  rangeInvalid: () => refuse('RANGE_INVALID'),
  windowsInvalid: (field: string) => refuse('WINDOWS_INVALID', { fields: [{ field, reason: 'WINDOWS_INVALID' }] }),
  timeZoneUnknown: () => refuse('TIME_ZONE_UNKNOWN', { fields: [{ field: 'time_zone', reason: 'TIME_ZONE_UNKNOWN' }] }),
  previewInvalid: () => refuse('PREVIEW_INVALID'),
  resumeIdInvalid: () => refuse('RESUME_ID_INVALID'),
  timeHasBookings: () => refuse('TIME_HAS_BOOKINGS'),
  timeAlreadyBlocked: () => refuse('TIME_ALREADY_BLOCKED'),
  spanInvalid: () => refuse('SPAN_INVALID', { fields: [{ field: 'end_at', reason: 'SPAN_INVALID' }] }),
  datesInvalid: (field: string) => refuse('DATES_INVALID', { fields: [{ field, reason: 'DATES_INVALID' }] }),
  seasonsInvalid: (field: string) => refuse('SEASONS_INVALID', { fields: [{ field, reason: 'SEASONS_INVALID' }] }),
  seasonUnknown: (field: string) => refuse('SEASON_UNKNOWN', { fields: [{ field, reason: 'SEASON_UNKNOWN' }] }),
  resourceUnknown: () => refuse('RESOURCE_UNKNOWN'),
  resourceInUse: () => refuse('RESOURCE_IN_USE'),
  staffHasBookings: () => refuse('STAFF_HAS_BOOKINGS'),
  audienceConflict: () => refuse('AUDIENCE_CONFLICT'),
  staffGenderConflict: () => refuse('STAFF_GENDER_CONFLICT'),
  staffUserLinked: () => refuse('STAFF_USER_LINKED', { fields: [{ field: 'user_id', reason: 'STAFF_USER_LINKED' }] }),
  placeInvalid: () => refuse('PLACE_INVALID', { fields: [{ field: 'near', reason: 'PLACE_INVALID' }] }),
  placeRequired: () => refuse('PLACE_REQUIRED'),
  salonNotReady: () => refuse('SALON_NOT_READY'),
} as const;
