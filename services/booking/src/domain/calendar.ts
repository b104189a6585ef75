import type { Intervals } from './interval.ts';
import type { WeeklyWindow } from './weekly-windows.ts';

/** A name in both languages. */
export interface Name {
  readonly ar: string;
  readonly en: string;
}

export type PaymentPolicy = 'at_salon' | 'in_advance';

/** What cancelling costs a customer. */
export interface CancellationPolicy {
  readonly freeUntilHours: number;
  /** Share of the total that is kept after that. */
  readonly lateFeePercent: number;
}

/** What a salon's calendar needs to know of it. */
export interface CalendarSalon {
  readonly id: string;
  readonly name: Name;
  readonly timeZone: string;
  readonly isPublished: boolean;
  readonly paymentPolicy: PaymentPolicy;
  readonly cancellationPolicy: CancellationPolicy;
  readonly slotStepMinutes: number;
  readonly minNoticeMinutes: number;
  readonly maxAdvanceDays: number;
  readonly windows: readonly WeeklyWindow[];
}

/** An active service of the salon. */
export interface CalendarService {
  readonly id: string;
  readonly name: Name;
  readonly durationMinutes: number;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  /** Minor units. */
  readonly priceAmount: bigint;
  readonly currency: string;
}

/** An active member of the salon's staff. */
export interface CalendarStaff {
  readonly id: string;
  readonly name: Name;
  readonly serviceIds: readonly string[];
  readonly windows: readonly WeeklyWindow[];
  /** Claimed already. */
  readonly busy: Intervals;
}

/** A salon with those of its services and staff that a request is about. */
export interface Calendar {
  readonly salon: CalendarSalon;
  readonly services: readonly CalendarService[];
  readonly staff: readonly CalendarStaff[];
}
