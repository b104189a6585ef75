import type { Queryable } from '@mawid/service-kit';

/** The time zones in which there are salons. */
export async function loadSalonZones(on: Queryable): Promise<string[]> {
  const { rows } = await on.query<{ time_zone: string }>({
    name: 'salons.zones',
    text: 'SELECT DISTINCT time_zone FROM salons',
  });
  return rows.map((row) => row.time_zone);
}
