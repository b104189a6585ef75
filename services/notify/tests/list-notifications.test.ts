import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  NotificationKind,
  NotificationService,
  NotificationState,
} from '@mawid/contracts/gen/mawid/notify/v1/notification_service_pb.js';
import { reasonOf } from '@mawid/service-kit';
import { createTestTransport, headersOf, testToken } from '@mawid/service-kit/testing';
import { routes } from '../src/rpc/index.ts';
import {
  bookingCancelled,
  bookingConfirmed,
  createBooking,
  createPerson,
  otpRequested,
  refundSucceeded,
  userVerified,
} from './support/facts.ts';
import { BookingState } from './support/fake-booking.ts';
import { type NotifyFixture, startNotify } from './support/notify.ts';

describe('ListNotifications', () => {
  let notify: NotifyFixture;
  const person = createPerson();

  beforeAll(async () => {
    notify = await startNotify();
    const { envelopeKey } = notify.running.ctx.config;
    const booking = createBooking(person);
    notify.booking.set(booking.id, { state: BookingState.CANCELLED, version: 3 });
    await notify.publish(userVerified(person), await otpRequested(person, envelopeKey, { code: '123123' }));
    await notify.publish(bookingConfirmed(booking, 2), bookingCancelled(booking, 3));
    await notify.waitForState(person.userId, 'dropped', 'sent');
    await notify.publish(refundSucceeded(booking));
    await notify.waitForState(person.userId, 'dropped', 'sent', 'sent');
  });
  afterAll(() => notify.close());

  function list(userId: string | undefined, request: { pageSize?: number; pageToken?: string } = {}) {
    const client = createClient(NotificationService, createTestTransport(routes(notify.running.ctx)));
    const headers = headersOf(userId === undefined ? {} : { token: testToken({ userId }) });
    return client.listNotifications(request, { headers });
  }

  it('shows the caller’s texts, newest first, and no codes', async () => {
    const { notifications, nextPageToken } = await list(person.userId);
    expect(notifications).toMatchObject([
      { kind: NotificationKind.REFUND_SUCCEEDED, state: NotificationState.SENT, language: 'ar' },
      { kind: NotificationKind.BOOKING_CANCELLED, state: NotificationState.SENT },
      { kind: NotificationKind.BOOKING_CONFIRMED, state: NotificationState.DROPPED },
    ]);
    expect(notifications[0]?.body).toContain('استرداد');
    expect(notifications[0]?.sentAt).toBeDefined();
    expect(notifications[2]?.sentAt).toBeUndefined();
    expect(nextPageToken).toBe('');
  });

  it('shows nothing of others', async () => {
    expect((await list(createPerson().userId)).notifications).toEqual([]);
  });

  it('goes on from page to page', async () => {
    const first = await list(person.userId, { pageSize: 2 });
    expect(first.notifications).toHaveLength(2);
    const second = await list(person.userId, { pageSize: 2, pageToken: first.nextPageToken });
    expect(second.notifications).toMatchObject([{ kind: NotificationKind.BOOKING_CONFIRMED }]);
    expect(second.nextPageToken).toBe('');
  });

  it('refuses a page token of someone else', async () => {
    const { nextPageToken: pageToken } = await list(person.userId, { pageSize: 1 });
    const refused = list(createPerson().userId, { pageToken });
    await expect(refused.catch((error) => Promise.reject(reasonOf(error)))).rejects.toBe('PAGE_TOKEN_INVALID');
  });

  it('refuses those who are not signed in', async () => {
    const refused = list(undefined);
    await expect(refused.catch((error) => Promise.reject(reasonOf(error)))).rejects.toBe('UNAUTHENTICATED');
  });
});
