import type { Queryable } from '@mawid/service-kit';
import type { Gender } from '../domain/calendar.ts';

/** The genders of staff, also of those who have left; whose is not known is not in it. */
export async function listGenders(on: Queryable, staffIds: readonly string[]): Promise<ReadonlyMap<string, Gender>> {
  const { rows } = await on.query<{ id: string; gender: Gender }>({
    name: 'staff_members.genders',
    text: 'SELECT id, gender FROM staff_members WHERE id = ANY($1::uuid[]) AND gender IS NOT NULL',
    values: [staffIds],
  });
  return new Map(rows.map(({ id, gender }) => [id, gender]));
}
