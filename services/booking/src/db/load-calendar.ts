import type { Queryable, Statement } from '@mawid/service-kit';
import type { Calendar } from '../domain/calendar.ts';
import type { Interval, Intervals } from '../domain/interval.ts';
import { type CalendarRow, toCalendar } from './calendar-row.ts';
import { type BusyPair, toIntervals } from './list-busy.ts';

/** The claims to read along: those of everybody and everything in the salon. */
export interface BusyQuery {
  readonly span: Interval;
  readonly now: Date;
  /** Its claims count as free. */
  readonly movingBookingId?: string | undefined;
}

export interface LoadedCalendar {
  /** Without claims. */
  readonly calendar: Calendar;
  /** Claims by the id of staff member or resource, where they were asked for. */
  readonly busy: ReadonlyMap<string, Intervals>;
}

type Row = CalendarRow & { busy?: [subject: string, pairs: BusyPair[]][] | null };

// To plan this takes longer than to run it: as in `listBusy`, the array is not to be counted, and the claims, which would cost
// more than all the rest, are in a statement of their own.
const toText = (busy: string) => `
  SELECT s.id, s.name_ar, s.name_en, s.state, s.calendar_version, s.audience, s.time_zone, s.payment_policy,
         s.free_until_hours, s.late_fee_percent, s.no_show_fee_percent, s.slot_step_minutes, s.min_notice_minutes,
         s.max_advance_days, s.max_open_bookings, s.approval_policy, s.approval_minutes, s.prayers, s.prayer_minutes,
         s.latitude, s.longitude,
         (SELECT json_agg(json_build_array(season, weekday, opens, closes)) FROM salon_windows
           WHERE salon_id = s.id) AS windows,
         (SELECT json_agg(json_build_array(key, first_date, last_date, hijri_month) ORDER BY key) FROM salon_seasons
           WHERE salon_id = s.id) AS seasons,
         (SELECT json_agg(json_build_array(date, opens, closes)) FROM salon_dates WHERE salon_id = s.id) AS dates,
         (SELECT json_agg(json_build_object('id', v.id, 'ar', v.name_ar, 'en', v.name_en,
                   'offered', v.active AND v.deleted_at IS NULL, 'duration', v.duration_minutes,
                   'before', v.buffer_before_minutes, 'after', v.buffer_after_minutes, 'price', v.price_amount::text,
                   'currency', v.currency, 'audience', v.audience, 'gender', v.staff_gender, 'needs', needs.list)
                 ORDER BY v.id)
            FROM services v
            CROSS JOIN LATERAL (
              SELECT json_agg(need.ids ORDER BY need.number) AS list
                FROM (SELECT need AS number, array_agg(resource_id ORDER BY resource_id) AS ids
                        FROM service_resources WHERE service_id = v.id GROUP BY need) need) needs
           WHERE v.salon_id = s.id) AS services,
         (SELECT json_agg(json_build_object('id', p.id, 'ar', p.name_ar, 'en', p.name_en, 'gender', p.gender,
                   'services', (SELECT array_agg(service_id) FROM staff_services WHERE staff_id = p.id),
                   'windows', (SELECT json_agg(json_build_array(season, weekday, opens, closes)) FROM staff_windows
                                WHERE staff_id = p.id),
                   'seasons', (SELECT array_agg(key) FROM staff_seasons WHERE staff_id = p.id),
                   'dates', (SELECT json_agg(json_build_array(date, opens, closes)) FROM staff_dates
                              WHERE staff_id = p.id))
                 ORDER BY p.id)
            FROM staff_members p WHERE p.salon_id = s.id AND p.active AND p.deleted_at IS NULL) AS staff,
         (SELECT array_agg(id ORDER BY id) FROM resources
           WHERE salon_id = s.id AND active AND deleted_at IS NULL) AS resources${busy}
    FROM salons s
   WHERE s.id = ANY((SELECT $1::uuid[])::uuid[])`;

const text = toText('');
const textWithBusy = toText(`,
         (SELECT json_agg(json_build_array(subject.id, taken.pairs))
            FROM (SELECT id FROM staff_members WHERE salon_id = s.id AND active
                   UNION ALL SELECT id FROM resources WHERE salon_id = s.id AND active) subject
            CROSS JOIN LATERAL (
              SELECT json_agg(json_build_array(date_part('epoch', lower(c.during)) * 1000,
                                               date_part('epoch', upper(c.during)) * 1000)) AS pairs
                FROM (SELECT during FROM claims
                       WHERE subject = subject.id AND during && tstzrange($2::timestamptz, $3::timestamptz) AND active
                         AND (hold_expires_at IS NULL OR hold_expires_at > $4::timestamptz)
                         AND (booking_id = $5::uuid) IS NOT TRUE
                      OFFSET 0) c) taken
           WHERE taken.pairs IS NOT NULL) AS busy`);

/**
 * Reads the calendars of salons, each whole, in one statement: all that was true at one moment, with the version that it
 * had then.
 */
export async function loadCalendars(
  on: Queryable,
  salonIds: readonly string[],
  query?: BusyQuery,
): Promise<LoadedCalendar[]> {
  const { rows } = await on.query<Row>(query ? toBusyStatement(salonIds, query) : toStatement(salonIds));
  return rows.map(({ busy, ...row }) => ({
    calendar: toCalendar(row),
    busy: new Map((busy ?? []).map(([subject, pairs]) => [subject, toIntervals(pairs)])),
  }));
}

function toStatement(salonIds: readonly string[]): Statement {
  return { name: 'calendar.load', text, values: [salonIds] };
}

function toBusyStatement(salonIds: readonly string[], { span, now, movingBookingId }: BusyQuery): Statement {
  const values = [salonIds, new Date(span.from), new Date(span.to), now, movingBookingId];
  return { name: 'calendar.load_busy', text: textWithBusy, values };
}
