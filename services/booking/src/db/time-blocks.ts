import type { Queryable, Transaction } from '@mawid/service-kit';
import type { BlockSubject, TimeBlock, TimeBlockKind } from '../domain/time-block.ts';

/** What stands in the way of a block. Nothing: what was there has just gone, or will be when a lapsed hold is released. */
export type Obstacle = 'booking' | 'block' | undefined;

/** Writes a block and claims its time; false, and it must be rolled back, when the time is claimed already. */
export async function insertTimeBlock(tx: Transaction, block: TimeBlock): Promise<boolean> {
  const { id, salonId, staffId, resourceId, kind, startAt, endAt, reason, createdBy, createdAt } = block;
  // ON CONFLICT waits for those who claim at the same moment, in turn; a plain insert would deadlock with them.
  const { rowCount } = await tx.query({
    name: 'time_blocks.insert',
    text: `WITH block AS (
             INSERT INTO time_blocks (id, salon_id, staff_id, resource_id, kind, start_at, end_at, reason, created_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             RETURNING id, coalesce(staff_id, resource_id) AS subject, tstzrange(start_at, end_at) AS during)
           INSERT INTO claims (subject, during, block_id) SELECT subject, during, id FROM block
           ON CONFLICT DO NOTHING`,
    values: [id, salonId, staffId, resourceId, kind, startAt, endAt, reason, createdBy, createdAt],
  });
  return rowCount === 1;
}

/** What is in the way of a block; a lapsed hold is nothing. */
export async function findObstacle(on: Queryable, block: TimeBlock, now: Date): Promise<Obstacle> {
  const { rows } = await on.query<{ obstacle: 'booking' | 'block' }>({
    name: 'claims.obstacle',
    text: `SELECT CASE WHEN booking_id IS NULL THEN 'block' ELSE 'booking' END AS obstacle FROM claims
            WHERE subject = $1 AND during && tstzrange($2, $3) AND active
              AND (hold_expires_at IS NULL OR hold_expires_at > $4)
            ORDER BY booking_id IS NULL LIMIT 1`,
    values: [toSubject(block), block.startAt, block.endAt, now],
  });
  return rows[0]?.obstacle;
}

/**
 * Releases the lapsed holds in the way of a block, by themselves: whoever held their locks while waiting for a claim could
 * wait for somebody who waits for the locks. Those that another transaction has in its hands are left to it.
 */
export async function releaseLapsedClaims(on: Queryable, block: TimeBlock, now: Date): Promise<void> {
  await on.query({
    name: 'claims.release_lapsed',
    text: `UPDATE claims SET active = false WHERE id IN (
             SELECT id FROM claims
              WHERE subject = $1 AND during && tstzrange($2, $3) AND active AND hold_expires_at <= $4
              ORDER BY id FOR UPDATE SKIP LOCKED)`,
    values: [toSubject(block), block.startAt, block.endAt, now],
  });
}

function toSubject({ staffId, resourceId }: BlockSubject): string | undefined {
  return staffId ?? resourceId;
}

interface TimeBlockRow {
  id: string;
  salon_id: string;
  staff_id: string | null;
  resource_id: string | null;
  kind: string;
  start_at: Date;
  end_at: Date;
  reason: string;
  created_by: string;
  created_at: Date;
}

/** Deletes a block of the subject, and with it its claim; undefined when there is none. */
export async function deleteTimeBlock(
  tx: Transaction,
  id: string,
  { staffId, resourceId }: BlockSubject,
): Promise<TimeBlock | undefined> {
  const { rows } = await tx.query<TimeBlockRow>({
    name: 'time_blocks.delete',
    text: 'DELETE FROM time_blocks WHERE id = $1 AND (staff_id = $2 OR resource_id = $3) RETURNING *',
    values: [id, staffId, resourceId],
  });
  return rows[0] && toTimeBlock(rows[0]);
}

export interface BlockQuery extends BlockSubject {
  /** Only what ends after this moment. */
  readonly from: Date;
  /** Only what comes after this start and id. */
  readonly after: { readonly startAt: Date; readonly id: string } | undefined;
  readonly limit: number;
}

/** Blocks of the subject, by start. */
export async function listTimeBlocks(on: Queryable, query: BlockQuery): Promise<TimeBlock[]> {
  const column = query.staffId === undefined ? 'resource' : 'staff';
  const { rows } = await on.query<TimeBlockRow>({
    name: `time_blocks.list_of_${column}`,
    // No block is longer than 400 days: those before are not looked at.
    text: `SELECT * FROM time_blocks
            WHERE ${column}_id = $1 AND end_at > $2 AND start_at > $2::timestamptz - interval '401 days'
              AND ($3::timestamptz IS NULL OR (start_at, id) > ($3, $4::uuid))
            ORDER BY start_at, id LIMIT $5`,
    values: [toSubject(query), query.from, query.after?.startAt, query.after?.id, query.limit],
  });
  return rows.map(toTimeBlock);
}

function toTimeBlock(row: TimeBlockRow): TimeBlock {
  return {
    id: row.id,
    salonId: row.salon_id,
    staffId: row.staff_id ?? undefined,
    resourceId: row.resource_id ?? undefined,
    kind: row.kind as TimeBlockKind,
    startAt: row.start_at,
    endAt: row.end_at,
    reason: row.reason,
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}
