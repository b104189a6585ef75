import type { Queryable } from '@mawid/service-kit';

/** At which version the calendar of a salon is; undefined for an unknown salon. */
export async function findCalendarVersion(on: Queryable, salonId: string): Promise<number | undefined> {
  const { rows } = await on.query<{ version: bigint }>({
    name: 'calendar.version',
    text: 'SELECT calendar_version AS version FROM salons WHERE id = $1',
    values: [salonId],
  });
  return rows[0] && Number(rows[0].version);
}
