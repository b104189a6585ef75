import { create, type DescMessage, fromBinary, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type Client, ConnectError, createClient } from '@connectrpc/connect';
import { eventTypeOf } from '@mawid/contracts';
import { type Booking, BookingSchema, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { type Payment, PaymentState } from '@mawid/contracts/gen/mawid/payments/v1/payment_pb.js';
import { PaymentService } from '@mawid/contracts/gen/mawid/payments/v1/payment_service_pb.js';
import { startTestInfrastructure } from '@mawid/dev-stack';
import { createGrpcTransport } from '@mawid/rpc';
import { type RunningService, startService } from '@mawid/service-kit';
import { createTestClock, startTestIssuer, type TestClock, waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { loadConfig } from '../src/config.ts';
import type { Context } from '../src/context.ts';
import { paymentsService } from '../src/service.ts';
import { type FakeBooking, startFakeBooking } from './fake-booking.ts';
import { type Provider, startProvider } from './provider.ts';

/** Payments as it runs, with real PostgreSQL and NATS, the stand-in for its provider, and a booking service made up. */
export interface PaymentsWorld {
  readonly ctx: Context;
  readonly clock: TestClock;
  readonly provider: Provider;
  readonly booking: FakeBooking;
  readonly client: Client<typeof PaymentService>;
  /** A held booking of a customer, for 10 minutes. */
  hold(changes?: MessageInitShape<typeof BookingSchema>): Booking;
  /** Call options of a user. */
  as(userId: string, options?: { role?: 'customer' | 'admin'; key?: string }): Promise<{ headers: Headers }>;
  create(booking: Booking, key?: string): Promise<Payment>;
  /** Held, paid on the page, captured. */
  capture(): Promise<{ booking: Booking; payment: Payment }>;
  load(paymentId: string): Promise<Payment>;
  waitForState(paymentId: string, state: PaymentState): Promise<Payment>;
  /** Events of a kind that payments has published about a payment. */
  events<D extends DescMessage>(schema: D, paymentId: string): Promise<MessageShape<D>[]>;
  /** Forgets all payments, here and at the provider. */
  reset(): Promise<void>;
  /** Compares every halala with the provider's books. */
  audit(): Promise<void>;
  close(): Promise<void>;
}

export async function startPaymentsWorld(): Promise<PaymentsWorld> {
  const infrastructure = await startTestInfrastructure();
  const issuer = await startTestIssuer();
  const clock = createTestClock(new Date());
  const provider = await startProvider(clock);
  const booking = await startFakeBooking(await infrastructure.databaseUrl('booking'), infrastructure.natsUrl);
  const config = loadConfig({
    PAYMENTS_DATABASE_URL: await infrastructure.databaseUrl('payments'),
    // Its clients share this process: a busy machine would have it turn calls away.
    OVERLOAD_MAX_DELAY_MS: '0',
    PAYMENTS_GRPC_PORT: '0',
    PAYMENTS_HTTP_PORT: '0',
    NATS_URL: infrastructure.natsUrl,
    IDENTITY_JWKS_URL: issuer.jwksUrl,
    MOYASAR_URL: provider.apiUrl,
    PUBLIC_URL: provider.publicUrl,
    MOYASAR_TIMEOUT_MS: '2000',
    PAYMENT_JOB_INTERVAL_MS: '50',
    LOG_LEVEL: 'silent',
  });
  const service = await startService(paymentsService, config, { clock, bookingTransport: booking.transport });
  const transport = createGrpcTransport(`127.0.0.1:${service.grpcPort}`, { defaultDeadlineMs: 20_000 });
  const client = createClient(PaymentService, transport);
  provider.deliverTo(client);
  const { ctx } = service;

  const as: PaymentsWorld['as'] = async (userId, { role = 'customer', key } = {}) => {
    const headers = new Headers({ authorization: `Bearer ${await issuer.sign({ userId, role })}` });
    if (key) headers.set('idempotency-key', key);
    return { headers };
  };

  const world: PaymentsWorld = {
    ctx,
    clock,
    provider,
    booking,
    client,
    as,
    hold: (changes) => booking.put(toHeldBooking(clock, changes)),
    create: async ({ id, customerId }, key) =>
      client.createPayment({ bookingId: id }, await as(customerId, key ? { key } : {})),
    async capture() {
      const held = world.hold();
      const payment = await world.create(held);
      await provider.pay(payment.paymentUrl);
      return { booking: held, payment: await world.waitForState(payment.id, PaymentState.CAPTURED) };
    },
    load: async (paymentId) => client.getPayment({ paymentId }, await as(uuidv7(), { role: 'admin' })),
    waitForState: (paymentId, state) =>
      waitFor(`payment in state ${state}`, async () => {
        const payment = await world.load(paymentId);
        return payment.state === state ? payment : undefined;
      }),
    events: (schema, paymentId) => readEvents(ctx, schema, paymentId),
    reset: () => reset(ctx, provider),
    audit: () => audit(service, provider),
    async close() {
      transport.close();
      await service.close();
      await booking.close();
      await provider.close();
      await issuer.close();
      await infrastructure.close();
    },
  };
  return world;
}

function toHeldBooking(clock: TestClock, changes: MessageInitShape<typeof BookingSchema> = {}): Booking {
  return create(BookingSchema, {
    id: uuidv7(),
    customerId: uuidv7(),
    salonId: uuidv7(),
    state: BookingState.HELD,
    amountDue: { amount: 11_500n, currency: 'SAR' },
    holdExpiresAt: timestampFromDate(new Date(clock.now().getTime() + 600_000)),
    salonName: { ar: 'صالون الأناقة', en: 'Elegance Salon' },
    ...(changes as object),
  });
}

async function readEvents<D extends DescMessage>(
  ctx: Context,
  schema: D,
  paymentId: string,
): Promise<MessageShape<D>[]> {
  const { rows } = await ctx.database.query<{ payload: Buffer }>({
    name: 'test.events',
    text: 'SELECT payload FROM outbox WHERE subject = $1 AND aggregate_id = $2 ORDER BY position',
    values: [eventTypeOf(schema).subject, paymentId],
  });
  return rows.map(({ payload }) => fromBinary(schema, payload));
}

async function reset({ database }: Context, provider: Provider): Promise<void> {
  await provider.reset();
  // Not TRUNCATE: its locks meet those of the jobs at work.
  for (const table of ['webhook_events', 'refunds', 'payments', 'outbox', 'inbox']) {
    await database.query({ name: `test.reset_${table}`, text: `DELETE FROM ${table}` });
  }
}

async function audit({ ctx, settled }: RunningService<Context>, provider: Provider): Promise<void> {
  await waitFor('nothing left to do', settled);
  const { rows } = await ctx.database.query<{ charged: bigint; refunded: bigint }>({
    name: 'test.audit',
    text: `SELECT coalesce(sum(captured), 0)::bigint AS charged, coalesce(sum(refunded), 0)::bigint AS refunded FROM payments`,
  });
  const books = await provider.books();
  const { charged = 0, refunded = 0 } = books.totals.SAR ?? {};
  const ours = rows[0];
  if (ours?.charged !== BigInt(charged)) throw new Error(`captured ${ours?.charged}, the provider charged ${charged}`);
  if (ours?.refunded !== BigInt(refunded)) throw new Error(`refunded ${ours?.refunded}, the provider ${refunded}`);
  if (books.raw_card_breaches.length > 0) throw new Error('card data was sent to the provider');
}

/** The code and reason of a refusal. */
export async function refusalOf(call: Promise<unknown>): Promise<ConnectError> {
  try {
    await call;
  } catch (error) {
    return ConnectError.from(error);
  }
  throw new Error('the call was not refused');
}
