import type { TemplateSet } from '../index.ts';
import { bookingCancelled } from './booking-cancelled.ts';
import { bookingConfirmed } from './booking-confirmed.ts';
import { bookingHeld } from './booking-held.ts';
import { refundSucceeded } from './refund-succeeded.ts';
import { securityNotice } from './security-notice.ts';

export const en = {
  booking_held: bookingHeld,
  booking_confirmed: bookingConfirmed,
  booking_cancelled: bookingCancelled,
  refund_succeeded: refundSucceeded,
  security_notice: securityNotice,
} satisfies TemplateSet;
