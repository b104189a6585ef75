import type { Queryable } from '@mawid/service-kit';
import type { Calendar, CalendarSalon, CalendarService, CalendarStaff, PaymentPolicy } from '../domain/calendar.ts';
import type { Interval } from '../domain/interval.ts';
import type { WeeklyWindow } from '../domain/weekly-windows.ts';

export interface CalendarQuery {
  readonly salonId: string;
  /** With repetitions, as often as each is done: the read reaches as far after `span` as they take. */
  readonly serviceIds: readonly string[];
  /** Where starts are looked for, widened by the caller by whatever else it wants to know of the claims. */
  readonly span: Interval;
  readonly now: Date;
}

type Pair = [from: number, to: number];
type WindowRow = [weekday: number, opens: number, closes: number];

interface ServiceRow {
  id: string;
  ar: string;
  en: string;
  duration: number;
  before: number;
  after: number;
  price: number;
  currency: string;
}

interface StaffRow {
  id: string;
  ar: string;
  en: string;
  services: string[];
  windows: WindowRow[] | null;
  busy: Pair[] | null;
}

interface CalendarRow {
  id: string;
  name_ar: string;
  name_en: string;
  state: string;
  time_zone: string;
  payment_policy: string;
  free_until_hours: number;
  late_fee_percent: number;
  slot_step_minutes: number;
  min_notice_minutes: number;
  max_advance_days: number;
  windows: WindowRow[] | null;
  services: ServiceRow[] | null;
  staff: StaffRow[] | null;
}

// The claims are read person by person (LATERAL, OFFSET 0): joined, a prepared statement's generic plan would read
// everybody's week. The index of the exclusion constraint serves them.
const text = `
  SELECT s.id, s.name_ar, s.name_en, s.state, s.time_zone, s.payment_policy, s.free_until_hours, s.late_fee_percent,
         s.slot_step_minutes, s.min_notice_minutes, s.max_advance_days,
         (SELECT json_agg(json_build_array(weekday, opens, closes)) FROM salon_windows WHERE salon_id = s.id) AS windows,
         (SELECT json_agg(json_build_object('id', id, 'ar', name_ar, 'en', name_en, 'duration', duration_minutes,
                   'before', buffer_before_minutes, 'after', buffer_after_minutes, 'price', price_amount,
                   'currency', currency))
            FROM services WHERE id = ANY($2::uuid[]) AND salon_id = s.id AND active) AS services,
         (SELECT json_agg(json_build_object('id', p.id, 'ar', p.name_ar, 'en', p.name_en, 'services', able.ids,
                   'windows', hours.list, 'busy', taken.list) ORDER BY p.id)
            FROM staff_members p
            CROSS JOIN LATERAL (
              SELECT array_agg(service_id) AS ids FROM staff_services
               WHERE staff_id = p.id AND service_id = ANY($2::uuid[])) able
            CROSS JOIN LATERAL (
              SELECT json_agg(json_build_array(weekday, opens, closes)) AS list FROM staff_windows
               WHERE staff_id = p.id) hours
            CROSS JOIN LATERAL (
              SELECT json_agg(json_build_array((extract(epoch FROM lower(c.during)) * 1000)::bigint,
                                               (extract(epoch FROM upper(c.during)) * 1000)::bigint)
                              ORDER BY c.during) AS list
                FROM (SELECT during FROM claims
                       WHERE subject = p.id AND during && reach.span AND active
                         AND (hold_expires_at IS NULL OR hold_expires_at > $5::timestamptz)
                      OFFSET 0) c) taken
           WHERE p.salon_id = s.id AND p.active AND able.ids IS NOT NULL) AS staff
    FROM salons s
    CROSS JOIN LATERAL (
      SELECT tstzrange($3::timestamptz, $4::timestamptz + make_interval(mins => (
        SELECT coalesce(sum(v.duration_minutes + v.buffer_after_minutes), 0)::integer
          FROM unnest($2::uuid[]) AS wanted(id) JOIN services v ON v.id = wanted.id))) AS span
      OFFSET 0) reach
   WHERE s.id = $1`;

/** Reads a salon's calendar for some services in one statement, however many people work there. */
export async function loadCalendar(on: Queryable, query: CalendarQuery): Promise<Calendar | undefined> {
  const { salonId, serviceIds, span, now } = query;
  const values = [salonId, serviceIds, new Date(span.from), new Date(span.to), now];
  const { rows } = await on.query<CalendarRow>({ name: 'calendar.load', text, values });
  const [row] = rows;
  return (
    row && {
      salon: toSalon(row),
      services: (row.services ?? []).map(toService),
      staff: (row.staff ?? []).map(toStaff),
      resources: [],
    }
  );
}

function toSalon(row: CalendarRow): CalendarSalon {
  return {
    id: row.id,
    name: { ar: row.name_ar, en: row.name_en },
    timeZone: row.time_zone,
    isPublished: row.state === 'published',
    paymentPolicy: row.payment_policy as PaymentPolicy,
    cancellationPolicy: {
      freeUntilHours: row.free_until_hours,
      lateFeePercent: row.late_fee_percent,
      noShowFeePercent: 100,
    },
    slotStepMinutes: row.slot_step_minutes,
    minNoticeMinutes: row.min_notice_minutes,
    maxAdvanceDays: row.max_advance_days,
    ...{
      calendarVersion: 1,
      audience: 'everyone',
      maxOpenBookings: 10,
      approvalPolicy: 'automatic',
      approvalMinutes: 720,
    },
    hours: { weekly: toWindows(row.windows), dates: new Map(), seasons: [] },
  };
}

function toService(row: ServiceRow): CalendarService {
  return {
    id: row.id,
    name: { ar: row.ar, en: row.en },
    durationMinutes: row.duration,
    bufferBeforeMinutes: row.before,
    bufferAfterMinutes: row.after,
    priceAmount: BigInt(row.price),
    currency: row.currency,
    ...{ audience: 'everyone', staffGender: undefined, needs: [] },
  };
}

function toStaff(row: StaffRow): CalendarStaff {
  return {
    id: row.id,
    name: { ar: row.ar, en: row.en },
    serviceIds: row.services,
    gender: undefined,
    hours: { weekly: toWindows(row.windows), dates: new Map(), seasons: new Map() },
    busy: (row.busy ?? []).map(([from, to]) => ({ from, to })),
  };
}

function toWindows(rows: readonly WindowRow[] | null): WeeklyWindow[] {
  return (rows ?? []).map(([weekday, opens, closes]) => ({ weekday, opens, closes }));
}
