import type { Queryable } from '@mawid/service-kit';

/** What somebody is to a salon. */
export interface CalendarViewer {
  readonly managerId: string;
  readonly isPublished: boolean;
  /** The staff members who sign in as this user, in a fixed order. */
  readonly staffIds: readonly string[];
}

interface ViewerRow {
  readonly manager_id: string;
  readonly state: string;
  readonly staff_ids: string[];
}

/** Undefined where there is no such salon. */
export async function findCalendarViewer(
  on: Queryable,
  salonId: string,
  userId: string,
): Promise<CalendarViewer | undefined> {
  const { rows } = await on.query<ViewerRow>({
    name: 'salons.find_viewer',
    text: `SELECT s.manager_id, s.state, array(
             SELECT id::text FROM staff_members
              WHERE salon_id = s.id AND user_id = $2 AND deleted_at IS NULL ORDER BY id) AS staff_ids
             FROM salons s WHERE s.id = $1`,
    values: [salonId, userId],
  });
  const [row] = rows;
  return row && { managerId: row.manager_id, isPublished: row.state === 'published', staffIds: row.staff_ids };
}
