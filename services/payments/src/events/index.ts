import type { Subscription } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { onBookingCancelled } from './on-booking-cancelled.ts';
import { onBookingPaymentUnusable } from './on-booking-payment-unusable.ts';
import { onUserErased } from './on-user-erased.ts';

export function subscriptions(ctx: Context): Subscription[] {
  return [onBookingCancelled(ctx), onBookingPaymentUnusable(ctx), onUserErased(ctx)];
}
