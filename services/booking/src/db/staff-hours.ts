import type { Queryable, Transaction } from '@mawid/service-kit';
import type { KeptStaffHours, Versioned } from '../hours/kept-hours.ts';
import { type DateRow, toDates, toDatesJson, toWeekly, toWindowColumns, type WindowRow } from './hour-rows.ts';

interface StaffHoursRow {
  version: bigint;
  windows: WindowRow[] | null;
  seasons: string[] | null;
  dates: DateRow[] | null;
}

/**
 * The hours of a staff member, in one statement: they are of one moment. Hours of a season that the salon no longer has
 * are kept, and come back with it, but are not told: nobody could set them so.
 */
export async function findStaffHours(on: Queryable, staffId: string): Promise<Versioned<KeptStaffHours> | undefined> {
  const { rows } = await on.query<StaffHoursRow>({
    name: 'staff_hours.find',
    text: `SELECT p.hours_version AS version,
                  (SELECT json_agg(json_build_array(season, weekday, opens, closes))
                     FROM staff_windows WHERE staff_id = p.id) AS windows,
                  (SELECT array_agg(key ORDER BY key) FROM staff_seasons
                    WHERE staff_id = p.id
                      AND key IN (SELECT key FROM salon_seasons WHERE salon_id = p.salon_id)) AS seasons,
                  (SELECT json_agg(json_build_array(date, opens, closes, note) ORDER BY date)
                     FROM staff_dates WHERE staff_id = p.id) AS dates
             FROM staff_members p WHERE p.id = $1`,
    values: [staffId],
  });
  const [row] = rows;
  return row && { hours: toHours(row), version: Number(row.version) };
}

function toHours({ windows, seasons, dates }: StaffHoursRow): KeptStaffHours {
  return {
    weekly: toWeekly(windows, ''),
    dates: toDates(dates),
    seasons: (seasons ?? []).map((key) => ({ key, weekly: toWeekly(windows, key) })),
  };
}

/** Locks the staff member against other changes of their hours, and counts one; returns the new version. */
export async function countStaffHours(tx: Transaction, staffId: string): Promise<number> {
  const { rows } = await tx.query<{ version: bigint }>({
    name: 'staff_hours.count',
    text: 'UPDATE staff_members SET hours_version = hours_version + 1 WHERE id = $1 RETURNING hours_version AS version',
    values: [staffId],
  });
  return Number(rows[0]?.version);
}

/** The keys of the salon's seasons. */
export async function listSeasonKeys(on: Queryable, salonId: string): Promise<string[]> {
  const { rows } = await on.query<{ key: string }>({
    name: 'salon_seasons.keys',
    text: 'SELECT key FROM salon_seasons WHERE salon_id = $1',
    values: [salonId],
  });
  return rows.map(({ key }) => key);
}

/** Puts the hours in place of those that were there, in the transaction that has locked the staff member. */
export async function replaceStaffHours(tx: Transaction, staffId: string, hours: KeptStaffHours): Promise<void> {
  for (const table of ['staff_windows', 'staff_seasons', 'staff_dates']) {
    const text = `DELETE FROM ${table} WHERE staff_id = $1`;
    await tx.query({ name: `${table}.clear`, text, values: [staffId] });
  }
  await tx.query({
    name: 'staff_windows.insert',
    text: `INSERT INTO staff_windows (staff_id, season, weekday, opens, closes)
           SELECT $1, * FROM unnest($2::text[], $3::smallint[], $4::smallint[], $5::smallint[])`,
    values: [staffId, ...toWindowColumns(hours)],
  });
  await tx.query({
    name: 'staff_seasons.insert',
    text: 'INSERT INTO staff_seasons (staff_id, key) SELECT $1, unnest($2::text[])',
    values: [staffId, hours.seasons.map(({ key }) => key)],
  });
  await tx.query({
    name: 'staff_dates.insert',
    text: `INSERT INTO staff_dates (staff_id, date, opens, closes, note)
           SELECT $1, d.* FROM json_to_recordset($2::json) AS d(date date, opens smallint[], closes smallint[], note text)`,
    values: [staffId, toDatesJson(hours.dates)],
  });
}
