import type { Name } from '../domain/calendar.ts';
import type { Season, Span } from '../domain/hours.ts';
import type { WeeklyWindow } from '../domain/weekly-windows.ts';

/** The hours of one date with what the salon noted. */
export interface KeptDate {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly spans: readonly Span[];
  readonly note: string;
}

export interface KeptSeason extends Season {
  readonly name: Name;
}

/** A salon's hours as they are set and read back. */
export interface KeptSalonHours {
  readonly weekly: readonly WeeklyWindow[];
  readonly dates: readonly KeptDate[];
  readonly seasons: readonly KeptSeason[];
}

export interface KeptStaffSeason {
  readonly key: string;
  readonly weekly: readonly WeeklyWindow[];
}

/** A staff member's hours as they are set and read back. */
export interface KeptStaffHours {
  readonly weekly: readonly WeeklyWindow[];
  readonly dates: readonly KeptDate[];
  readonly seasons: readonly KeptStaffSeason[];
}

/** Hours with the version that their etag tells. */
export interface Versioned<H> {
  readonly hours: H;
  readonly version: number;
}
