/** A text in both languages; one of them may be empty. */
export interface BothLanguages {
  readonly ar: string;
  readonly en: string;
}

/** Money as it is kept in a row's JSON: minor units as digits. */
export interface MoneyFact {
  readonly amount: string;
  readonly currency: string;
}

export interface AppointmentFacts {
  readonly salonName: BothLanguages;
  /** RFC 3339. */
  readonly startAt: string;
  /** The salon's. */
  readonly timeZone: string;
}

export interface BookingHeldFacts extends AppointmentFacts {
  readonly kind: 'booking_held';
  readonly amountDue: MoneyFact;
  readonly payBefore: string;
}

export interface BookingConfirmedFacts extends AppointmentFacts {
  readonly kind: 'booking_confirmed';
}

export interface BookingCancelledFacts extends AppointmentFacts {
  readonly kind: 'booking_cancelled';
  readonly by: 'customer' | 'salon' | 'operator';
  /** What of the money paid comes back: `nothing_paid` when there was none. */
  readonly refund: 'due' | 'kept' | 'nothing_paid';
  /** What comes back; zero unless `due`. */
  readonly refundDue: MoneyFact;
}

export interface RefundSucceededFacts {
  readonly kind: 'refund_succeeded';
  readonly amount: MoneyFact;
}

export interface SecurityNoticeFacts {
  readonly kind: 'security_notice';
  readonly notice: NoticeName;
  /** The provider of an identity, or the end of a new number; empty where the notice needs none. */
  readonly detail: string;
}

export type NoticeName =
  | 'session_compromised'
  | 'phone_changed'
  | 'identity_linked'
  | 'identity_unlinked'
  | 'account_erased';

/** What a text is written from, whatever its language. Kept in the database: change it only so that old rows stay readable. */
export type TextFacts =
  | BookingHeldFacts
  | BookingConfirmedFacts
  | BookingCancelledFacts
  | RefundSucceededFacts
  | SecurityNoticeFacts;
export type TextKind = TextFacts['kind'];
export type MessageKind = TextKind | 'otp';
export type Language = 'ar' | 'en';
