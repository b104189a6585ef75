import type { Queryable } from '@mawid/service-kit';
import type { SalonHours } from '../domain/hours.ts';
import { type HoursRow, toSalonHours } from './calendar-row.ts';

export interface OpeningTimes {
  readonly timeZone: string;
  readonly hours: SalonHours;
}

type Row = HoursRow & { id: string; time_zone: string };

const text = `
  SELECT s.id, s.time_zone, s.prayers, s.prayer_minutes, s.latitude, s.longitude,
         (SELECT json_agg(json_build_array(season, weekday, opens, closes)) FROM salon_windows
           WHERE salon_id = s.id) AS windows,
         (SELECT json_agg(json_build_array(key, first_date, last_date, hijri_month) ORDER BY key) FROM salon_seasons
           WHERE salon_id = s.id) AS seasons,
         (SELECT json_agg(json_build_array(date, opens, closes)) FROM salon_dates WHERE salon_id = s.id) AS dates
    FROM salons s WHERE s.id = ANY($1::uuid[])`;

/** When each of the salons is open, in one statement: without all the rest of their calendars. */
export async function loadSalonHours(
  on: Queryable,
  salonIds: readonly string[],
): Promise<ReadonlyMap<string, OpeningTimes>> {
  const { rows } = await on.query<Row>({ name: 'salons.hours', text, values: [salonIds] });
  return new Map(rows.map((row) => [row.id, { timeZone: row.time_zone, hours: toSalonHours(row) }]));
}
