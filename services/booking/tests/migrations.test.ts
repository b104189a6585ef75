import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BookingSource, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { applyMigrations } from '@mawid/service-kit';
import { createTestClock, silentLogger } from '@mawid/service-kit/testing';
import { loadConfig } from '../src/config.ts';
import { type Context, closeContext, createContext } from '../src/context.ts';
import { bookingService } from '../src/service.ts';
import { as, type Clients, createClients, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { olderRows, olderSalon } from './support/older-rows.ts';

// What an older version of the service wrote is still there after all migrations, and the service goes on with it.
const older = ['20261122000000_kit', '20261122000100_booking', '20261123000100_erasure'];
const at = (iso: string) => timestampFromDate(new Date(iso));
const admin: Person = person('admin');

let infrastructure: TestInfrastructure;
let ctx: Context;
let clients: Clients;
let before: Record<string, number>;
let after: Record<string, number>;

beforeAll(async () => {
  infrastructure = await startTestInfrastructure();
  const databaseUrl = await infrastructure.databaseUrl('booking');
  const folder = mkdtempSync(join(tmpdir(), 'mawid-older-'));
  for (const name of [...older, 'migration_lock.toml']) {
    cpSync(join(bookingService.migrations, name), join(folder, name), { recursive: true });
  }
  await applyMigrations({ databaseUrl, folder });
  rmSync(folder, { recursive: true });
  const config = loadConfig({ BOOKING_DATABASE_URL: databaseUrl, NATS_URL: infrastructure.natsUrl });
  ctx = await createContext(config, { clock: createTestClock(startOfTests), logger: silentLogger() });
  for (const [index, text] of olderRows.entries()) await ctx.database.query({ name: `older.${index}`, text });
  before = await countRows();
  await applyMigrations({ databaseUrl, folder: bookingService.migrations });
  after = await countRows();
  clients = createClients(ctx);
});
afterAll(async () => {
  if (ctx) {
    await closeContext(ctx);
    await ctx.telemetry.shutdown();
  }
  await infrastructure?.close();
});

async function countRows(): Promise<Record<string, number>> {
  const { rows } = await ctx.database.query<{ table: string; rows: string }>({
    name: 'test.count',
    text: `SELECT table_name AS table,
                  (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I', table_name), false, true, '')))[1]::text AS rows
             FROM information_schema.tables
            WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' ORDER BY table_name`,
  });
  return Object.fromEntries(rows.map((row) => [row.table, Number(row.rows)]));
}

describe('the migrations over what is there', () => {
  it('lose no row of any table', () => {
    expect(Object.keys(before).length).toBeGreaterThan(10);
    expect(Object.entries(before).filter(([, count]) => count === 0)).toEqual([]);
    expect(after).toMatchObject(before);
  });

  it('show the salon as it was, and find it by words that were never folded', async () => {
    const { salonId, serviceId, staffId } = olderSalon;
    const salon = await clients.catalog.getSalon({ salonId });
    expect(salon.cancellationPolicy).toMatchObject({ freeUntilHours: 12, lateFeePercent: 40, noShowFeePercent: 100 });
    expect(salon.bookingRules).toMatchObject({ slotStepMinutes: 30, maxAdvanceDays: 60, maxOpenBookings: 10 });
    expect(salon.prayerPauses).toBeUndefined();
    const { services } = await clients.catalog.listServices({ salonId });
    expect(services.map(({ id, resourceNeeds }) => [id, resourceNeeds])).toEqual([[serviceId, []]]);
    const { staff } = await clients.catalog.listStaff({ salonId });
    expect(staff.map(({ id, serviceIds }) => [id, serviceIds])).toEqual([[staffId, [serviceId]]]);
    for (const search of [{ text: 'الاناقه' }, { city: 'JEDDAH' }, { service: 'cut' }, { near: '21.5,39.2' }]) {
      const found = await clients.catalog.listSalons({ ...search, openAt: at('2026-11-23T08:00:00Z') });
      expect(found.salons.map(({ id }) => id)).toEqual([salonId]);
    }
  });

  it('keep every booking in its state, with its time', async () => {
    const { bookings } = await clients.bookings.listBookings({ salonId: olderSalon.salonId }, as(admin));
    expect(bookings.map(({ id, state, source }) => [id, state, source])).toEqual([
      [olderSalon.expired, BookingState.EXPIRED, BookingSource.CUSTOMER],
      [olderSalon.held, BookingState.HELD, BookingSource.CUSTOMER],
      [olderSalon.cancelled, BookingState.CANCELLED, BookingSource.CUSTOMER],
      [olderSalon.confirmed, BookingState.CONFIRMED, BookingSource.CUSTOMER],
    ]);
    const { salonId, serviceId } = olderSalon;
    const from = at('2026-11-23T06:00:00Z');
    const { slots } = await clients.availability.listSlots({
      salonId,
      serviceIds: [serviceId],
      from,
      to: at('2026-11-23T21:00:00Z'),
    });
    // Open from 10:00 to 14:00 in Riyadh; 10:00 is booked and 13:00 is held.
    expect(slots.map(({ startAt }) => Number(startAt?.seconds) / 3_600 - Number(from.seconds) / 3_600)).toEqual([
      2, 2.5, 3,
    ]);
  });

  it('let the service go on with bookings that were made before', async () => {
    const { salonId, serviceId, customerId, confirmed, held } = olderSalon;
    const customer: Person = { userId: customerId, role: 'customer' };
    const book = (iso: string) =>
      refusalOf(clients.bookings.createBooking({ salonId, items: [{ serviceId }], startAt: at(iso) }, as(customer)));
    expect(await book('2026-11-23T07:00:00Z')).toBe('SLOT_TAKEN');
    const moved = await clients.bookings.rescheduleBooking(
      { bookingId: confirmed, startAt: at('2026-11-23T08:00:00Z') },
      as(customer),
    );
    expect(moved.state).toBe(BookingState.CONFIRMED);
    expect(await book('2026-11-23T07:00:00Z')).toBe('none');
    await clients.bookings.cancelBooking({ bookingId: held }, as(customer));
    expect(await book('2026-11-23T10:00:00Z')).toBe('none');
    const { changes } = await clients.bookings.listBookingChanges({ bookingId: confirmed }, as(admin));
    expect(changes.map(({ version }) => version)).toEqual([2n]);
  });
});
