import type { Queryable, Transaction } from '@mawid/service-kit';
import type { KeptSalonHours, KeptSeason, Versioned } from '../hours/kept-hours.ts';
import { type DateRow, toDates, toDatesJson, toWeekly, toWindowColumns, type WindowRow } from './hour-rows.ts';

type SeasonRow = [
  key: string,
  ar: string,
  en: string,
  first: string | null,
  last: string | null,
  hijriMonth: number | null,
];

interface SalonHoursRow {
  version: bigint;
  windows: WindowRow[] | null;
  seasons: SeasonRow[] | null;
  dates: DateRow[] | null;
}

/** A salon's hours, in one statement: they are of one moment. */
export async function findSalonHours(on: Queryable, salonId: string): Promise<Versioned<KeptSalonHours> | undefined> {
  const { rows } = await on.query<SalonHoursRow>({
    name: 'salon_hours.find',
    text: `SELECT s.hours_version AS version,
                  (SELECT json_agg(json_build_array(season, weekday, opens, closes))
                     FROM salon_windows WHERE salon_id = s.id) AS windows,
                  (SELECT json_agg(json_build_array(key, name_ar, name_en, first_date, last_date, hijri_month) ORDER BY key)
                     FROM salon_seasons WHERE salon_id = s.id) AS seasons,
                  (SELECT json_agg(json_build_array(date, opens, closes, note) ORDER BY date)
                     FROM salon_dates WHERE salon_id = s.id) AS dates
             FROM salons s WHERE s.id = $1`,
    values: [salonId],
  });
  const [row] = rows;
  return row && { hours: toHours(row), version: Number(row.version) };
}

function toHours({ windows, seasons, dates }: SalonHoursRow): KeptSalonHours {
  return {
    weekly: toWeekly(windows, ''),
    dates: toDates(dates),
    seasons: (seasons ?? []).map((season) => toSeason(season, windows)),
  };
}

function toSeason([key, ar, en, first, last, hijriMonth]: SeasonRow, windows: readonly WindowRow[] | null): KeptSeason {
  const weekly = toWeekly(windows, key);
  const firstDate = first ?? undefined;
  const lastDate = last ?? undefined;
  return { key, name: { ar, en }, firstDate, lastDate, hijriMonth: hijriMonth ?? undefined, weekly };
}

/** Locks the salon against other changes of its hours, and counts one; returns the new version. */
export async function countSalonHours(tx: Transaction, salonId: string): Promise<number> {
  const { rows } = await tx.query<{ version: bigint }>({
    name: 'salon_hours.count',
    text: 'UPDATE salons SET hours_version = hours_version + 1 WHERE id = $1 RETURNING hours_version AS version',
    values: [salonId],
  });
  return Number(rows[0]?.version);
}

/** Puts the hours in place of those that were there, in the transaction that has locked the salon. */
export async function replaceSalonHours(tx: Transaction, salonId: string, hours: KeptSalonHours): Promise<void> {
  for (const table of ['salon_windows', 'salon_seasons', 'salon_dates']) {
    const text = `DELETE FROM ${table} WHERE salon_id = $1`;
    await tx.query({ name: `${table}.clear`, text, values: [salonId] });
  }
  await tx.query({
    name: 'salon_windows.insert',
    text: `INSERT INTO salon_windows (salon_id, season, weekday, opens, closes)
           SELECT $1, * FROM unnest($2::text[], $3::smallint[], $4::smallint[], $5::smallint[])`,
    values: [salonId, ...toWindowColumns(hours)],
  });
  await insertSeasons(tx, salonId, hours.seasons);
  await tx.query({
    name: 'salon_dates.insert',
    text: `INSERT INTO salon_dates (salon_id, date, opens, closes, note)
           SELECT $1, d.* FROM json_to_recordset($2::json) AS d(date date, opens smallint[], closes smallint[], note text)`,
    values: [salonId, toDatesJson(hours.dates)],
  });
}

function insertSeasons(tx: Transaction, salonId: string, seasons: readonly KeptSeason[]) {
  return tx.query({
    name: 'salon_seasons.insert',
    text: `INSERT INTO salon_seasons (salon_id, key, name_ar, name_en, first_date, last_date, hijri_month)
           SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::date[], $6::date[], $7::smallint[])`,
    values: [
      salonId,
      seasons.map(({ key }) => key),
      seasons.map(({ name }) => name.ar),
      seasons.map(({ name }) => name.en),
      seasons.map(({ firstDate }) => firstDate),
      seasons.map(({ lastDate }) => lastDate),
      seasons.map(({ hijriMonth }) => hijriMonth),
    ],
  });
}
