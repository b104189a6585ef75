import type { Queryable } from '@mawid/service-kit';

// From one zone to the next by the index: DISTINCT would read every salon for the few zones there are.
const text = `
  WITH RECURSIVE zones (name) AS (
    SELECT min(time_zone) FROM salons
    UNION ALL
    SELECT (SELECT min(time_zone) FROM salons WHERE time_zone > zones.name) FROM zones WHERE zones.name IS NOT NULL)
  SELECT name FROM zones WHERE name IS NOT NULL`;

/** The time zones in which there are salons. */
export async function loadSalonZones(on: Queryable): Promise<string[]> {
  const { rows } = await on.query<{ name: string }>({ name: 'salons.zones', text });
  return rows.map(({ name }) => name);
}
