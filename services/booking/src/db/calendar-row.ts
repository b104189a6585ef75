import type {
  ApprovalPolicy,
  Audience,
  Calendar,
  CalendarSalon,
  CalendarService,
  CalendarStaff,
  Gender,
  PaymentPolicy,
} from '../domain/calendar.ts';
import type { DatedHours, Prayer, PrayerPauses, SalonHours, Season } from '../domain/hours.ts';
import type { WeeklyWindow } from '../domain/weekly-windows.ts';

type WindowRow = [season: string, weekday: number, opens: number, closes: number];
type SeasonRow = [key: string, first: string | null, last: string | null, hijriMonth: number | null];
type DateRow = [date: string, opens: number[], closes: number[]];

interface ServiceRow {
  id: string;
  ar: string;
  en: string;
  offered: boolean;
  duration: number;
  before: number;
  after: number;
  price: string;
  currency: string;
  audience: string;
  gender: string | null;
  needs: string[][] | null;
}

interface StaffRow {
  id: string;
  ar: string;
  en: string;
  gender: string | null;
  services: string[] | null;
  windows: WindowRow[] | null;
  seasons: string[] | null;
  dates: DateRow[] | null;
}

/** A salon with all that its calendar is made of, but for claims. */
export interface CalendarRow {
  id: string;
  name_ar: string;
  name_en: string;
  state: string;
  calendar_version: bigint;
  audience: string;
  time_zone: string;
  payment_policy: string;
  free_until_hours: number;
  late_fee_percent: number;
  no_show_fee_percent: number;
  slot_step_minutes: number;
  min_notice_minutes: number;
  max_advance_days: number;
  max_open_bookings: number;
  approval_policy: string;
  approval_minutes: number;
  prayers: string[];
  prayer_minutes: number;
  latitude: number | null;
  longitude: number | null;
  windows: WindowRow[] | null;
  seasons: SeasonRow[] | null;
  dates: DateRow[] | null;
  services: ServiceRow[] | null;
  staff: StaffRow[] | null;
  resources: string[] | null;
}

export function toCalendar(row: CalendarRow): Calendar {
  return {
    salon: toSalon(row),
    services: (row.services ?? []).map(toService),
    staff: (row.staff ?? []).map(toStaff),
    resources: (row.resources ?? []).map((id) => ({ id, busy: [] })),
  };
}

function toSalon(row: CalendarRow): CalendarSalon {
  return {
    id: row.id,
    name: { ar: row.name_ar, en: row.name_en },
    timeZone: row.time_zone,
    isPublished: row.state === 'published',
    calendarVersion: Number(row.calendar_version),
    audience: row.audience as Audience,
    paymentPolicy: row.payment_policy as PaymentPolicy,
    cancellationPolicy: {
      freeUntilHours: row.free_until_hours,
      lateFeePercent: row.late_fee_percent,
      noShowFeePercent: row.no_show_fee_percent,
    },
    slotStepMinutes: row.slot_step_minutes,
    minNoticeMinutes: row.min_notice_minutes,
    maxAdvanceDays: row.max_advance_days,
    maxOpenBookings: row.max_open_bookings,
    approvalPolicy: row.approval_policy as ApprovalPolicy,
    approvalMinutes: row.approval_minutes,
    hours: toSalonHours(row),
  };
}

/** What a row says of when a salon is open. */
export type HoursRow = Pick<
  CalendarRow,
  'prayers' | 'prayer_minutes' | 'latitude' | 'longitude' | 'windows' | 'seasons' | 'dates'
>;

export function toSalonHours(row: HoursRow): SalonHours {
  const seasons = (row.seasons ?? []).map((season) => toSeason(season, row.windows));
  const prayerPauses = toPrayerPauses(row);
  return { weekly: toWeekly(row.windows, ''), dates: toDates(row.dates), seasons, prayerPauses };
}

function toSeason([key, first, last, hijriMonth]: SeasonRow, windows: readonly WindowRow[] | null): Season {
  const firstDate = first ?? undefined;
  const lastDate = last ?? undefined;
  return { key, firstDate, lastDate, hijriMonth: hijriMonth ?? undefined, weekly: toWeekly(windows, key) };
}

function toPrayerPauses({ prayers, prayer_minutes, latitude, longitude }: HoursRow): PrayerPauses | undefined {
  if (prayers.length === 0 || latitude === null || longitude === null) return undefined;
  return { prayers: prayers as Prayer[], lengthMinutes: prayer_minutes, latitude, longitude };
}

function toService(row: ServiceRow): CalendarService {
  return {
    id: row.id,
    isOffered: row.offered,
    name: { ar: row.ar, en: row.en },
    durationMinutes: row.duration,
    bufferBeforeMinutes: row.before,
    bufferAfterMinutes: row.after,
    priceAmount: BigInt(row.price),
    currency: row.currency,
    audience: row.audience as Audience,
    staffGender: toGender(row.gender),
    needs: row.needs ?? [],
  };
}

function toStaff(row: StaffRow): CalendarStaff {
  const seasons = new Map((row.seasons ?? []).map((key) => [key, toWeekly(row.windows, key)]));
  return {
    id: row.id,
    name: { ar: row.ar, en: row.en },
    serviceIds: row.services ?? [],
    gender: toGender(row.gender),
    hours: { weekly: toWeekly(row.windows, ''), dates: toDates(row.dates), seasons },
    busy: [],
  };
}

function toGender(word: string | null): Gender | undefined {
  return (word as Gender | null) ?? undefined;
}

function toWeekly(rows: readonly WindowRow[] | null, season: string): WeeklyWindow[] {
  const own = (rows ?? []).filter(([key]) => key === season);
  return own.map(([, weekday, opens, closes]) => ({ weekday, opens, closes }));
}

function toDates(rows: readonly DateRow[] | null): DatedHours {
  const toSpans = (opens: readonly number[], closes: readonly number[]) =>
    opens.map((minute, index) => ({ opens: minute, closes: closes[index] ?? minute }));
  return new Map((rows ?? []).map(([date, opens, closes]) => [date, toSpans(opens, closes)]));
}
