import { type Consumer, type Subscription, startConsumer } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import type { LaneName } from '../db/rows.ts';
import { onBookingCancelled } from './on-booking-cancelled.ts';
import { onBookingConfirmed } from './on-booking-confirmed.ts';
import { onBookingHeld } from './on-booking-held.ts';
import { onOtpRequested } from './on-otp-requested.ts';
import { onRefundSucceeded } from './on-refund-succeeded.ts';
import { onSecurityNotice } from './on-security-notice.ts';
import { onUserErased } from './on-user-erased.ts';
import { onUserUpdated } from './on-user-updated.ts';
import { onUserVerified } from './on-user-verified.ts';

const subscriptions: Record<LaneName, () => Subscription[]> = {
  code: () => [onOtpRequested()],
  text: () => [
    onUserVerified(),
    onUserUpdated(),
    onUserErased(),
    onSecurityNotice(),
    onBookingHeld(),
    onBookingConfirmed(),
    onBookingCancelled(),
    onRefundSucceeded(),
  ],
};

/** One consumer per lane: codes do not stand behind bookings on any stretch of their way. */
export function startConsumers(ctx: Context, lanes: Record<LaneName, { wake(): void }>): Promise<Consumer[]> {
  const { database, nats, logger, telemetry, config } = ctx;
  const shared = { service: 'notify', database, nats, logger, telemetry } as const;
  const { streamReplicas } = config.core;
  return Promise.all(
    (['code', 'text'] as const).map((lane) =>
      startConsumer({
        ...shared,
        streamReplicas,
        subscriptions: subscriptions[lane](),
        afterCommit: () => lanes[lane].wake(),
      }),
    ),
  );
}
