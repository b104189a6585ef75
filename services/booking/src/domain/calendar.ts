import type { SalonHours, StaffHours } from './hours.ts';
import type { Intervals } from './interval.ts';

/** A name in both languages. */
export interface Name {
  readonly ar: string;
  readonly en: string;
}

export type PaymentPolicy = 'at_salon' | 'in_advance';
export type ApprovalPolicy = 'automatic' | 'by_salon';
export type Audience = 'ladies' | 'men' | 'everyone';
export type Gender = 'female' | 'male';

/** What cancelling costs a customer. */
export interface CancellationPolicy {
  readonly freeUntilHours: number;
  /** Share of the total that is kept after that. */
  readonly lateFeePercent: number;
  /** Share of the total that is kept of a customer who does not come. */
  readonly noShowFeePercent: number;
}

/** What a salon's calendar needs to know of it. */
export interface CalendarSalon {
  readonly id: string;
  readonly name: Name;
  readonly timeZone: string;
  readonly isPublished: boolean;
  /** Grows with everything on which free times depend, but for claims. */
  readonly calendarVersion: number;
  readonly audience: Audience;
  readonly paymentPolicy: PaymentPolicy;
  readonly cancellationPolicy: CancellationPolicy;
  readonly slotStepMinutes: number;
  readonly minNoticeMinutes: number;
  readonly maxAdvanceDays: number;
  readonly maxOpenBookings: number;
  readonly approvalPolicy: ApprovalPolicy;
  readonly approvalMinutes: number;
  readonly hours: SalonHours;
}

/** A service of the salon. */
export interface CalendarService {
  readonly id: string;
  /** Whether it can be booked; those that cannot any more are kept for bookings that are moved. */
  readonly isOffered: boolean;
  readonly name: Name;
  readonly durationMinutes: number;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  /** Minor units. */
  readonly priceAmount: bigint;
  readonly currency: string;
  readonly audience: Audience;
  /** Only staff of this gender do it. */
  readonly staffGender: Gender | undefined;
  /** It takes one resource of each: the ids of those that will do. */
  readonly needs: readonly (readonly string[])[];
}

/** An active member of the salon's staff. */
export interface CalendarStaff {
  readonly id: string;
  readonly name: Name;
  readonly serviceIds: readonly string[];
  readonly gender: Gender | undefined;
  readonly hours: StaffHours;
  /** Claimed already. */
  readonly busy: Intervals;
}

/** An active resource of the salon. */
export interface CalendarResource {
  readonly id: string;
  /** Claimed already. */
  readonly busy: Intervals;
}

/** A salon with its services, staff and resources. The catalogue half of it has no claims: every `busy` is empty. */
export interface Calendar {
  readonly salon: CalendarSalon;
  readonly services: readonly CalendarService[];
  readonly staff: readonly CalendarStaff[];
  readonly resources: readonly CalendarResource[];
}
