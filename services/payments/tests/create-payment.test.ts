import { setTimeout as wait } from 'node:timers/promises';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import {
  PaymentCapturedSchema,
  PaymentStartedSchema,
} from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { PaymentState } from '@mawid/contracts/gen/mawid/payments/v1/payment_pb.js';
import { reasonOf } from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { type PaymentsWorld, refusalOf, startPaymentsWorld } from './payments-world.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const invoices = async () => (await world.provider.books()).invoices;

describe('CreatePayment', () => {
  it('sends the payer to a page, and captures what was paid there', async () => {
    const booking = world.hold();
    const payment = await world.create(booking);
    expect(payment).toMatchObject({
      bookingId: booking.id,
      customerId: booking.customerId,
      salonId: booking.salonId,
      state: PaymentState.AWAITING_PAYER,
      amount: { amount: 11_500n, currency: 'SAR' },
      captured: { amount: 0n, currency: 'SAR' },
      expiresAt: booking.holdExpiresAt,
      failureReason: '',
    });
    expect(await invoices()).toMatchObject([
      { amount: 11_500, metadata: { payment_id: payment.id, booking_id: booking.id }, status: 'initiated' },
    ]);

    await world.provider.pay(payment.paymentUrl);
    const captured = await world.waitForState(payment.id, PaymentState.CAPTURED);
    expect(captured).toMatchObject({ captured: { amount: 11_500n }, paymentUrl: '' });
    expect(captured.expiresAt).toBeUndefined();
    expect(await world.events(PaymentCapturedSchema, payment.id)).toMatchObject([
      { bookingId: booking.id, customerId: booking.customerId, salonId: booking.salonId, amount: { amount: 11_500n } },
    ]);
    await world.audit();
  });

  it('tells booking that the payer was sent to the page, once', async () => {
    const booking = world.hold();
    const payment = await world.create(booking);
    await world.create(booking);
    const startedAt = timestampFromDate(world.clock.now());
    expect(await world.events(PaymentStartedSchema, payment.id)).toMatchObject([
      { paymentId: payment.id, bookingId: booking.id, customerId: booking.customerId, startedAt },
    ]);
  });

  it('tells of start and capture in the trace of the call that began the payment', async () => {
    const booking = world.hold();
    const options = await world.as(booking.customerId);
    options.headers.set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
    const payment = await world.client.createPayment({ bookingId: booking.id }, options);
    await world.provider.pay(payment.paymentUrl);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    const { rows } = await world.ctx.database.query<{ traceparent: string }>({
      name: 'test.trace',
      text: 'SELECT traceparent FROM outbox WHERE aggregate_id = $1',
      values: [payment.id],
    });
    expect(rows.map(({ traceparent }) => traceparent.split('-')[1])).toEqual([
      '0af7651916cd43dd8448eb211c80319c',
      '0af7651916cd43dd8448eb211c80319c',
    ]);
  });

  it('asks booking with the caller’s own token', async () => {
    const booking = world.hold();
    const options = await world.as(booking.customerId);
    await world.client.createPayment({ bookingId: booking.id }, options);
    expect(world.booking.tokens.at(-1)).toBe(options.headers.get('authorization'));
  });

  it('gives the same payment again', async () => {
    const booking = world.hold();
    const first = await world.create(booking);
    expect(await world.create(booking)).toEqual(first);
    expect(await invoices()).toHaveLength(1);
  });

  it('gives a paid payment again while booking has not heard of it', async () => {
    const { booking, payment } = await world.capture();
    expect(await world.create(booking)).toMatchObject({ id: payment.id, state: PaymentState.CAPTURED, paymentUrl: '' });
    await world.audit();
  });

  it('makes one payment and one invoice for eight who ask at once', async () => {
    const booking = world.hold();
    await world.provider.fault({ mode: 'slow', match: 'POST /v1/invoices', ms: 150 });
    const payments = await Promise.all(Array.from({ length: 8 }, () => world.create(booking)));
    expect(new Set(payments.map(({ id, paymentUrl }) => `${id} ${paymentUrl}`)).size).toBe(1);
    expect(await invoices()).toHaveLength(1);
  });

  it('replays the first answer for the same idempotency key, and refuses another body', async () => {
    const booking = world.hold();
    const key = uuidv7();
    const first = await world.create(booking, key);
    await world.provider.pay(first.paymentUrl);
    await world.waitForState(first.id, PaymentState.CAPTURED);
    world.booking.put({ ...booking, state: BookingState.CONFIRMED });

    let replayed: string | null = null;
    const options = await world.as(booking.customerId, { key });
    const onHeader = (headers: Headers) => {
      replayed = headers.get('idempotency-replayed');
    };
    expect(await world.client.createPayment({ bookingId: booking.id }, { ...options, onHeader })).toEqual(first);
    expect(replayed).toBe('true');

    const other = world.hold({ customerId: booking.customerId });
    const refusal = await refusalOf(world.client.createPayment({ bookingId: other.id }, options));
    expect(reasonOf(refusal)).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await invoices()).toHaveLength(1);
  });

  it.each([
    ['waits for the salon', { state: BookingState.PENDING_APPROVAL }],
    ['was declined', { state: BookingState.DECLINED }],
    ['is confirmed', { state: BookingState.CONFIRMED }],
    ['has begun', { state: BookingState.CHECKED_IN }],
    ['is done', { state: BookingState.COMPLETED }],
    ['nobody came to', { state: BookingState.NO_SHOW }],
    ['was cancelled', { state: BookingState.CANCELLED }],
    ['has expired', { state: BookingState.EXPIRED }],
    ['has no end of its hold', { holdExpiresAt: undefined }],
    ['costs nothing in advance', { amountDue: { amount: 0n, currency: 'SAR' } }],
    ['has lapsed', { holdExpiresAt: timestampFromDate(new Date(0)) }],
  ])('refuses a booking that %s', async (_, changes) => {
    const refusal = await refusalOf(world.create(world.hold(changes)));
    expect(reasonOf(refusal)).toBe('BOOKING_NOT_PAYABLE');
    expect(await invoices()).toEqual([]);
  });

  it('refuses a booking that is not there, or somebody else’s', async () => {
    const options = await world.as(uuidv7());
    const missing = await refusalOf(world.client.createPayment({ bookingId: uuidv7() }, options));
    expect(reasonOf(missing)).toBe('NOT_FOUND');
    const foreign = await refusalOf(world.client.createPayment({ bookingId: world.hold().id }, options));
    expect(reasonOf(foreign)).toBe('PERMISSION_DENIED');
  });

  it('lets nobody pay for a guest’s booking', async () => {
    const booking = world.hold({ customerId: '', guest: { name: 'Huda' } });
    const manager = await world.as(uuidv7());
    const refusal = await refusalOf(world.client.createPayment({ bookingId: booking.id }, manager));
    expect(reasonOf(refusal)).toBe('PERMISSION_DENIED');
    expect(await invoices()).toEqual([]);
  });

  it('refuses callers who are not signed in', async () => {
    const refusal = await refusalOf(world.client.createPayment({ bookingId: uuidv7() }));
    expect(reasonOf(refusal)).toBe('UNAUTHENTICATED');
  });
});

describe('CreatePayment whose caller leaves', () => {
  it('keeps what the provider has done, however busy the database is', async () => {
    const { pool } = world.ctx.database;
    const booking = world.hold();
    await world.provider.fault({ mode: 'slow', match: 'POST /v1/invoices', times: 1, ms: 300 });
    const leaving = new AbortController();
    const options = { ...(await world.as(booking.customerId)), signal: leaving.signal };
    const call = refusalOf(world.client.createPayment({ bookingId: booking.id }, options));
    const ours = 'SELECT state, lease_id FROM payments WHERE booking_id = $1';
    await waitFor('the call to the provider', async () => {
      return (await pool.query(ours, [booking.id])).rows[0]?.state === 'unknown';
    });
    const other = await pool.connect();
    await other.query('BEGIN');
    await other.query('SELECT FROM payments WHERE booking_id = $1 FOR UPDATE', [booking.id]);
    leaving.abort();
    expect((await call).code).toBe(Code.Canceled);
    await waitFor('the record to be held up', async () => {
      const { rows } = await pool.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'
        AND datname = current_database() AND query LIKE 'UPDATE payments%awaiting_payer%'`);
      return rows.length === 1;
    });
    await wait(400);
    await other.query('COMMIT');
    other.release();
    await waitFor('the record', async () => {
      const [row] = (await pool.query(ours, [booking.id])).rows;
      return row?.state === 'awaiting_payer' && row.lease_id === null;
    });
    expect((await world.create(booking)).paymentUrl).not.toBe('');
    expect(await invoices()).toHaveLength(1);
  });
});

describe('CreatePayment while the provider is in trouble', () => {
  const fault = { match: 'POST /v1/invoices', times: 1 };

  it('finds the invoice of a call that acted and never answered, and makes no second one', async () => {
    const booking = world.hold();
    await world.provider.fault({ ...fault, mode: 'timeout_after_acting', ms: 2_000 });
    const refusal = await refusalOf(world.create(booking));
    expect(reasonOf(refusal)).toBe('PAYMENT_PROVIDER_UNAVAILABLE');

    const payment = await world.create(booking);
    expect(payment.state).toBe(PaymentState.AWAITING_PAYER);
    expect(await invoices()).toHaveLength(1);
    await world.provider.pay(payment.paymentUrl);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    await world.audit();
  });

  it('lets the job find that invoice when nobody asks again', async () => {
    const booking = world.hold();
    await world.provider.fault({ ...fault, mode: 'timeout_after_acting', ms: 2_000 });
    await refusalOf(world.create(booking));
    const { payments } = await world.client.listPayments({}, await world.as(booking.customerId));
    expect(payments).toMatchObject([{ state: PaymentState.UNKNOWN, paymentUrl: '' }]);

    world.clock.advance(11_000);
    const id = payments[0]?.id ?? '';
    const payment = await world.waitForState(id, PaymentState.AWAITING_PAYER);
    expect(payment.paymentUrl).not.toBe('');
    expect(await invoices()).toHaveLength(1);
  });

  it('makes the invoice again only when a lost call can no longer act', async () => {
    const booking = world.hold();
    await world.provider.fault({ ...fault, mode: 'timeout_before_acting', ms: 2_000 });
    await refusalOf(world.create(booking));
    expect(reasonOf(await refusalOf(world.create(booking)))).toBe('PAYMENT_PROVIDER_UNAVAILABLE');
    expect(await invoices()).toHaveLength(0);

    world.clock.advance(21_000);
    expect(await world.create(booking)).toMatchObject({ state: PaymentState.AWAITING_PAYER });
    expect(await invoices()).toHaveLength(1);
  });

  it('makes it again at once after a refusal that certainly did nothing', async () => {
    const booking = world.hold();
    await world.provider.fault({ ...fault, mode: 'error', status: 429 });
    const refusal = await refusalOf(world.create(booking));
    expect(reasonOf(refusal)).toBe('PAYMENT_PROVIDER_UNAVAILABLE');
    expect(await world.create(booking)).toMatchObject({ state: PaymentState.AWAITING_PAYER });
    expect(await invoices()).toHaveLength(1);
  });

  it('gives the payment up when the provider refuses it for good, and begins another', async () => {
    const booking = world.hold();
    await world.provider.fault({ ...fault, mode: 'error', status: 400 });
    await refusalOf(world.create(booking));
    const options = await world.as(booking.customerId);
    const { payments } = await world.client.listPayments({}, options);
    expect(payments).toMatchObject([{ state: PaymentState.FAILED }]);

    const second = await world.create(booking);
    expect(second).toMatchObject({ state: PaymentState.AWAITING_PAYER });
    expect(second.id).not.toBe(payments[0]?.id);
  });
});
