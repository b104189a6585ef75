import type { BookingMove, BookingState } from './booking-state.ts';
import type { CancellationPolicy, Name, PaymentPolicy } from './calendar.ts';

export type CancelledBy = 'customer' | 'salon' | 'operator';

/** An appointment. Names, prices and policies are those of the moment when it was made. Amounts are minor units. */
export interface Booking {
  readonly id: string;
  readonly salonId: string;
  /** Undefined for a guest. */
  readonly customerId: string | undefined;
  /** Somebody without an account, as the salon wrote them down. */
  readonly guest?: Guest | undefined;
  readonly source: BookingSource;
  /** The user who made it, where that is not the customer. */
  readonly createdBy?: string | undefined;
  /** Whether the salon set aside its hours, notice and grid. */
  readonly isOverridden: boolean;
  readonly state: BookingState;
  readonly startAt: Date;
  readonly endAt: Date;
  readonly items: readonly BookedItem[];
  readonly totalAmount: bigint;
  readonly amountDue: bigint;
  readonly amountPaid: bigint;
  readonly currency: string;
  readonly holdExpiresAt?: Date | undefined;
  /** Set once the hold has been lengthened, which happens once. */
  readonly holdExtension?: HoldExtension | undefined;
  readonly approvalExpiresAt?: Date | undefined;
  readonly paymentPolicy: PaymentPolicy;
  readonly cancellationPolicy: CancellationPolicy;
  readonly cancellation?: Cancellation | undefined;
  readonly decline?: Decline | undefined;
  readonly checkedInAt?: Date | undefined;
  readonly completedAt?: Date | undefined;
  readonly noShow?: NoShow | undefined;
  readonly rescheduleCount: number;
  readonly paymentId?: string | undefined;
  readonly customerNote: string;
  readonly salonName: Name;
  readonly timeZone: string;
  /** Starts at 1, grows with every change. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** One service of a booking. */
export interface BookedItem {
  readonly serviceId: string;
  readonly staffId: string;
  readonly isAnyStaff: boolean;
  readonly serviceName: Name;
  readonly staffName: Name;
  readonly startAt: Date;
  readonly endAt: Date;
  readonly priceAmount: bigint;
  /** What it takes beside the staff member. */
  readonly resourceIds: readonly string[];
}

/** How a booking came to be. */
export type BookingSource = 'customer' | 'salon' | 'walk_in';

/** A customer without an account. */
export interface Guest {
  readonly name: string;
  /** E.164; empty when not known. */
  readonly phoneNumber: string;
}

/** A hold that was lengthened for a payer who is on the bank's page. */
export interface HoldExtension {
  readonly paymentId: string;
  /** When the hold was to end before. */
  readonly endedAt: Date;
}

/** How a booking was declined. */
export interface Decline {
  readonly reason: string;
  readonly isByDeadline: boolean;
  readonly declinedAt: Date;
}

/** Nobody came. */
export interface NoShow {
  readonly feeAmount: bigint;
  readonly refundAmount: bigint;
  readonly markedAt: Date;
  readonly undoUntil: Date;
}

/** Who did something to a booking; `system` for what happens by itself. */
export interface Actor {
  readonly userId?: string | undefined;
  readonly kind: 'customer' | 'staff' | 'manager' | 'admin' | 'system';
}

/** A line of a booking's history. */
export interface BookingChange {
  readonly version: number;
  readonly move: 'create' | BookingMove;
  readonly state: BookingState;
  readonly startAt: Date;
  readonly actor: Actor;
  readonly reason: string;
  readonly isOverridden: boolean;
  readonly at: Date;
}

/** How a booking was cancelled. */
export interface Cancellation {
  readonly cancelledBy: CancelledBy;
  readonly reason: string;
  readonly feeAmount: bigint;
  readonly refundAmount: bigint;
  readonly cancelledAt: Date;
}
