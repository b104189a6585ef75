import { create } from '@bufbuild/protobuf';
import {
  type SetStaffAvailabilityRequest,
  type StaffAvailability,
  StaffAvailabilitySchema,
  type StaffSeason,
  StaffSeasonSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { toEtag } from '../domain/etag.ts';
import { errors } from '../errors.ts';
import type { KeptStaffHours, KeptStaffSeason, Versioned } from '../hours/kept-hours.ts';
import { requireDates, toDateMessages } from './dated-hours.ts';
import { requireWindows, toWindowMessages } from './weekly.ts';

/** The hours that a request sets; throws WINDOWS_INVALID, DATES_INVALID or SEASON_UNKNOWN with the field. */
export function requireStaffHours(
  { weekly, overrides, seasons }: SetStaffAvailabilityRequest,
  salonSeasons: readonly string[],
): KeptStaffHours {
  return {
    weekly: requireWindows(weekly, 'weekly'),
    dates: requireDates(overrides, 'overrides'),
    seasons: requireSeasons(seasons, salonSeasons),
  };
}

// A season that is named again is none of the salon's that are left.
function requireSeasons(messages: readonly StaffSeason[], salonSeasons: readonly string[]): KeptStaffSeason[] {
  const left = new Set(salonSeasons);
  return messages.map(({ key, weekly }, index) => {
    if (!left.delete(key)) throw errors.seasonUnknown(`seasons[${index}].key`);
    return { key, weekly: requireWindows(weekly, `seasons[${index}].weekly`) };
  });
}

/** `showsNotes`: what the salon noted is its own business. */
export function toStaffHoursMessage(
  staffId: string,
  { hours, version }: Versioned<KeptStaffHours>,
  shown: { showsNotes: boolean },
): StaffAvailability {
  const seasons = [...hours.seasons].sort((a, b) => (a.key < b.key ? -1 : 1));
  return create(StaffAvailabilitySchema, {
    staffId,
    weekly: toWindowMessages(hours.weekly),
    overrides: toDateMessages(hours.dates, shown),
    seasons: seasons.map(({ key, weekly }) => create(StaffSeasonSchema, { key, weekly: toWindowMessages(weekly) })),
    etag: toEtag(version),
  });
}
