import { type CoreConfig, coreSettings, loadSettings, setting, toCoreConfig } from '@mawid/service-kit';

export interface Config {
  core: CoreConfig;
  /** How long an unpaid booking keeps its time. */
  holdMinutes: number;
  /** How long the hold of a payer who is on the bank's page lasts from then on, at least. */
  holdExtensionMinutes: number;
  /** How often holds that have ended are looked for. */
  expiryIntervalMs: number;
  /** Of so many salons this process keeps the calendar's catalogue half in memory. */
  calendarCacheSalons: number;
  /** How long a mark that nobody came can be taken back. */
  noShowUndoMinutes: number;
  /** How long names and numbers of guests are kept after their visit. */
  guestRetentionDays: number;
  /** How far back a process that starts reads the events of calendars, so that streams go on where they broke off. */
  streamReplayMinutes: number;
  /** So many events of calendars are kept in memory. */
  streamEvents: number;
  /** How often the rights of those who watch a calendar are looked at. */
  streamRecheckMs: number;
  /** Signs page tokens and quotes. */
  pageTokenKey: string;
}

const settings = {
  ...coreSettings('booking'),
  BOOKING_HOLD_MINUTES: setting.integer(10, { min: 1, max: 24 * 60 }),
  BOOKING_HOLD_EXTENSION_MINUTES: setting.integer(10, { min: 1, max: 60 }),
  BOOKING_EXPIRY_INTERVAL_MS: setting.integer(2_000, { min: 10, max: 60_000 }),
  BOOKING_CALENDAR_CACHE_SALONS: setting.integer(1_000, { min: 1, max: 100_000 }),
  BOOKING_NO_SHOW_UNDO_MINUTES: setting.integer(24 * 60, { min: 0, max: 30 * 24 * 60 }),
  BOOKING_GUEST_RETENTION_DAYS: setting.integer(90, { min: 1, max: 3_650 }),
  BOOKING_STREAM_REPLAY_MINUTES: setting.integer(10, { min: 1, max: 24 * 60 }),
  BOOKING_STREAM_EVENTS: setting.integer(10_000, { min: 10, max: 1_000_000 }),
  BOOKING_STREAM_RECHECK_MS: setting.integer(30_000, { min: 100, max: 60_000 }),
  PAGE_TOKEN_KEY: setting.secret('mawid-development-page-token-key'),
};

export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const read = loadSettings(settings, env);
  return {
    core: toCoreConfig('booking', read),
    holdMinutes: read.BOOKING_HOLD_MINUTES,
    holdExtensionMinutes: read.BOOKING_HOLD_EXTENSION_MINUTES,
    expiryIntervalMs: read.BOOKING_EXPIRY_INTERVAL_MS,
    calendarCacheSalons: read.BOOKING_CALENDAR_CACHE_SALONS,
    noShowUndoMinutes: read.BOOKING_NO_SHOW_UNDO_MINUTES,
    guestRetentionDays: read.BOOKING_GUEST_RETENTION_DAYS,
    streamReplayMinutes: read.BOOKING_STREAM_REPLAY_MINUTES,
    streamEvents: read.BOOKING_STREAM_EVENTS,
    streamRecheckMs: read.BOOKING_STREAM_RECHECK_MS,
    pageTokenKey: read.PAGE_TOKEN_KEY,
  };
}
