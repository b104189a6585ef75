import type { BookingState } from './booking-state.ts';
import type { CancellationPolicy, Name, PaymentPolicy } from './calendar.ts';

export type CancelledBy = 'customer' | 'salon' | 'operator';

/** An appointment. Names, prices and policies are those of the moment when it was made. Amounts are minor units. */
export interface Booking {
  readonly id: string;
  readonly salonId: string;
  readonly customerId: string;
  readonly state: BookingState;
  readonly startAt: Date;
  readonly endAt: Date;
  readonly items: readonly BookedItem[];
  readonly totalAmount: bigint;
  readonly amountDue: bigint;
  readonly amountPaid: bigint;
  readonly currency: string;
  readonly holdExpiresAt?: Date | undefined;
  readonly paymentPolicy: PaymentPolicy;
  readonly cancellationPolicy: CancellationPolicy;
  readonly cancellation?: Cancellation | undefined;
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
}

/** How a booking was cancelled. */
export interface Cancellation {
  readonly cancelledBy: CancelledBy;
  readonly reason: string;
  readonly feeAmount: bigint;
  readonly refundAmount: bigint;
  readonly cancelledAt: Date;
}
