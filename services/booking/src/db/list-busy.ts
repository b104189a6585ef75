import type { Queryable } from '@mawid/service-kit';
import type { Interval } from '../domain/interval.ts';

/** Whose claims are wanted, and of when. */
export interface Subject {
  /** Of a staff member or a resource. */
  readonly id: string;
  readonly span: Interval;
}

export interface BusyListQuery {
  readonly salonIds: readonly string[];
  readonly subjects: readonly Subject[];
  readonly now: Date;
  /** Its claims count as free. */
  readonly movingBookingId?: string | undefined;
}

export interface BusyLists {
  /** The calendar version of each salon at the moment of the read. */
  readonly versions: ReadonlyMap<string, number>;
  /** As many as subjects, in their order. */
  readonly busy: readonly Interval[][];
}

/** Epoch milliseconds. */
export type BusyPair = [from: number, to: number];

// The claims are read subject by subject (LATERAL, OFFSET 0): joined, a prepared statement's generic plan would read
// everybody's week. The index of the exclusion constraint serves them. The arrays are read by way of a SELECT, so that the
// planner does not count them: for fewer than the ten that it guesses it would make a new plan each time, and always the same.
const text = `
  SELECT (SELECT json_object_agg(id, calendar_version) FROM salons WHERE id = ANY((SELECT $1::uuid[])::uuid[])) AS versions,
         (SELECT json_agg(taken.pairs ORDER BY wanted.number)
            FROM unnest((SELECT $2::uuid[]), (SELECT $3::timestamptz[]), (SELECT $4::timestamptz[]))
                 WITH ORDINALITY AS wanted(id, starts, ends, number)
            CROSS JOIN LATERAL (
              SELECT json_agg(json_build_array(date_part('epoch', lower(c.during)) * 1000,
                                               date_part('epoch', upper(c.during)) * 1000)) AS pairs
                FROM (SELECT during FROM claims
                       WHERE subject = wanted.id AND during && tstzrange(wanted.starts, wanted.ends) AND active
                         AND (hold_expires_at IS NULL OR hold_expires_at > $5::timestamptz)
                         AND (booking_id = $6::uuid) IS NOT TRUE
                      OFFSET 0) c) taken) AS busy`;

interface Row {
  versions: Record<string, number> | null;
  busy: (BusyPair[] | null)[] | null;
}

/** Reads what is claimed, and the versions of the calendars to which that belongs, in one statement. */
export async function listBusy(on: Queryable, query: BusyListQuery): Promise<BusyLists> {
  const { salonIds, subjects, now, movingBookingId } = query;
  const ids = subjects.map(({ id }) => id);
  const starts = subjects.map(({ span }) => new Date(span.from));
  const ends = subjects.map(({ span }) => new Date(span.to));
  const values = [salonIds, ids, starts, ends, now, movingBookingId];
  const { rows } = await on.query<Row>({ name: 'claims.busy', text, values });
  const [row] = rows;
  return {
    versions: new Map(Object.entries(row?.versions ?? {})),
    busy: (row?.busy ?? []).map(toIntervals),
  };
}

/** In order; claims of one subject never overlap. */
export function toIntervals(pairs: readonly BusyPair[] | null): Interval[] {
  return (pairs ?? []).map(([from, to]) => ({ from, to })).sort((a, b) => a.from - b.from);
}
