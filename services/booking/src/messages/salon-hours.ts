import { create } from '@bufbuild/protobuf';
import {
  type SalonHours,
  SalonHoursSchema,
  type Season,
  SeasonSchema,
  type SetSalonHoursRequest,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { toEtag } from '../domain/etag.ts';
import { findInvalidSeason } from '../domain/seasons.ts';
import { errors } from '../errors.ts';
import type { KeptSalonHours, KeptSeason, Versioned } from '../hours/kept-hours.ts';
import { requireDates, toDateMessages } from './dated-hours.ts';
import { toText } from './values.ts';
import { requireWindows, toWindowMessages } from './weekly.ts';

/** The hours that a request sets; throws WINDOWS_INVALID, DATES_INVALID or SEASONS_INVALID with the field. */
export function requireSalonHours({ weekly, exceptions, seasons }: SetSalonHoursRequest): KeptSalonHours {
  return {
    weekly: requireWindows(weekly, 'weekly'),
    dates: requireDates(exceptions, 'exceptions'),
    seasons: requireSeasons(seasons),
  };
}

function requireSeasons(messages: readonly Season[]): KeptSeason[] {
  const seasons = messages.map(({ key, name, firstDate, lastDate, hijriMonth, weekly }, index) => ({
    key,
    name: { ar: name?.ar ?? '', en: name?.en ?? '' },
    firstDate: firstDate || undefined,
    lastDate: lastDate || undefined,
    hijriMonth: hijriMonth || undefined,
    weekly: requireWindows(weekly, `seasons[${index}].weekly`),
  }));
  const invalid = findInvalidSeason(seasons);
  if (invalid >= 0) throw errors.seasonsInvalid(`seasons[${invalid}]`);
  return seasons;
}

/** `showsNotes`: what the salon noted is its own business. */
export function toSalonHoursMessage(
  salonId: string,
  { hours, version }: Versioned<KeptSalonHours>,
  shown: { showsNotes: boolean },
): SalonHours {
  const seasons = [...hours.seasons].sort((a, b) => (a.key < b.key ? -1 : 1));
  return create(SalonHoursSchema, {
    salonId,
    weekly: toWindowMessages(hours.weekly),
    exceptions: toDateMessages(hours.dates, shown),
    seasons: seasons.map(toSeasonMessage),
    etag: toEtag(version),
  });
}

function toSeasonMessage({ key, name, firstDate, lastDate, hijriMonth, weekly }: KeptSeason): Season {
  return create(SeasonSchema, {
    key,
    name: toText(name),
    firstDate: firstDate ?? '',
    lastDate: lastDate ?? '',
    hijriMonth: hijriMonth ?? 0,
    weekly: toWindowMessages(weekly),
  });
}
