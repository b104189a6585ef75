import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BookingConfirmedSchema,
  BookingDeclinedSchema,
  BookingHeldSchema,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { type Booking, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { v7 as uuidv7 } from 'uuid';
import { declineUnanswered } from '../src/jobs/decline-unanswered.ts';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { book, capture, facts, findBrokenPromises, lastFact, wantApproval } from './support/life.ts';
import { type MadeSalon, makeSalon, type SalonPlan } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const minute = 60_000;

interface Waiting {
  salon: MadeSalon;
  who: Person;
  booking: Booking;
}

async function wait(plan: SalonPlan = {}): Promise<Waiting> {
  const salon = await makeSalon(bench, plan);
  await wantApproval(bench, salon);
  const who = person('customer');
  return { salon, who, booking: await book(bench, salon, { who }) };
}

const approve = ({ booking }: Waiting, who: Person, headers: Record<string, string> = {}) =>
  bench.bookings.approveBooking({ bookingId: booking.id }, as(who, headers));
const decline = ({ booking }: Waiting, who: Person) =>
  bench.bookings.declineBooking({ bookingId: booking.id, reason: 'full' }, as(who));
const runJob = () => declineUnanswered(bench.ctx, new AbortController().signal);
const read = ({ booking, who }: Waiting) => bench.bookings.getBooking({ bookingId: booking.id }, as(who));

describe('ApproveBooking', () => {
  it('confirms what is paid at the salon; its time was claimed all along', async () => {
    const waiting = await wait();
    expect(waiting.booking.state).toBe(BookingState.PENDING_APPROVAL);
    expect(await refusalOf(book(bench, waiting.salon))).toBe('SLOT_TAKEN');
    const approved = await approve(waiting, waiting.salon.manager);
    expect(approved.state).toBe(BookingState.CONFIRMED);
    expect(approved.approvalExpiresAt).toBeUndefined();
    expect(await facts(bench, approved.id)).toEqual(['pending_approval', 'confirmed']);
    expect((await lastFact(bench, approved.id, BookingConfirmedSchema)).booking).toEqual(approved);
    expect(await refusalOf(book(bench, waiting.salon))).toBe('SLOT_TAKEN');
  });

  it('holds what is to be paid first, from then on and as long as any hold', async () => {
    const waiting = await wait({ paymentPolicy: PaymentPolicy.IN_ADVANCE });
    bench.clock.advance(30 * minute);
    const approved = await approve(waiting, person('admin'));
    expect(approved.state).toBe(BookingState.HELD);
    expect(approved.holdExpiresAt && timestampDate(approved.holdExpiresAt)).toEqual(
      new Date(bench.clock.now().getTime() + 10 * minute),
    );
    expect((await lastFact(bench, approved.id, BookingHeldSchema)).booking).toEqual(approved);
    expect(await findBrokenPromises(bench)).toEqual([]);
    await capture(bench, approved.id);
    expect((await read(waiting)).state).toBe(BookingState.CONFIRMED);
  });

  it('lets the time of an approved booking go when nobody pays', async () => {
    const waiting = await wait({ paymentPolicy: PaymentPolicy.IN_ADVANCE });
    await approve(waiting, waiting.salon.manager);
    bench.clock.advance(11 * minute);
    expect(await refusalOf(book(bench, waiting.salon))).toBe('none');
  });

  it("is the salon's right", async () => {
    const waiting = await wait();
    const refusals = [];
    for (const who of [waiting.who, waiting.salon.staff[0], person('customer'), person('manager'), person('staff')]) {
      refusals.push(await refusalOf(approve(waiting, who as Person)), await refusalOf(decline(waiting, who as Person)));
    }
    const [denied, unknown] = ['PERMISSION_DENIED', 'NOT_FOUND'];
    expect(refusals).toEqual([denied, denied, denied, denied, unknown, unknown, unknown, unknown, unknown, unknown]);
    expect(await facts(bench, waiting.booking.id)).toEqual(['pending_approval']);
  });

  it('honours If-Match and Idempotency-Key', async () => {
    const waiting = await wait();
    const { manager } = waiting.salon;
    expect(await refusalOf(approve(waiting, manager, { 'if-match': '"v2"' }))).toBe('STALE_ETAG');
    const headers = { 'if-match': '"v1"', 'idempotency-key': uuidv7() };
    const approved = await approve(waiting, manager, headers);
    expect(await approve(waiting, manager, headers)).toEqual(approved);
    expect(await refusalOf(approve(waiting, manager))).toBe('BOOKING_STATE_CONFLICT');
  });

  it('is too late from the deadline on, be it written down or not', async () => {
    const waiting = await wait();
    bench.clock.advance(60 * minute);
    expect(await refusalOf(approve(waiting, waiting.salon.manager))).toBe('BOOKING_STATE_CONFLICT');
    await runJob();
    expect(await refusalOf(approve(waiting, waiting.salon.manager))).toBe('BOOKING_STATE_CONFLICT');
  });
});

describe('DeclineBooking', () => {
  it('says why, and gives the time back', async () => {
    const waiting = await wait();
    const declined = await decline(waiting, waiting.salon.manager);
    expect(declined).toMatchObject({ state: BookingState.DECLINED, decline: { reason: 'full', byDeadline: false } });
    expect((await lastFact(bench, declined.id, BookingDeclinedSchema)).booking).toEqual(declined);
    expect(await refusalOf(book(bench, waiting.salon))).toBe('none');
    expect(await refusalOf(decline(waiting, waiting.salon.manager))).toBe('BOOKING_STATE_CONFLICT');
  });
});

describe('decline-unanswered', () => {
  it('declines what its salon has not answered in time, once, however many run', async () => {
    const late = await wait();
    bench.clock.advance(30 * minute);
    const fresh = await wait();
    bench.clock.advance(30 * minute);
    await Promise.all([runJob(), runJob(), runJob()]);
    expect(await read(late)).toMatchObject({ state: BookingState.DECLINED, decline: { reason: '', byDeadline: true } });
    expect((await read(fresh)).state).toBe(BookingState.PENDING_APPROVAL);
    expect(await facts(bench, late.booking.id)).toEqual(['pending_approval', 'declined']);
    expect(await refusalOf(book(bench, late.salon))).toBe('none');
    expect(await findBrokenPromises(bench)).toEqual([]);
  });

  it('and a salon that approves at the last moment: one of them counts', async () => {
    const outcomes = [];
    for (let round = 0; round < 8; round++) {
      bench.clock.set(startOfTests);
      const waiting = await wait();
      bench.clock.advance(60 * minute - 1);
      const approval = refusalOf(approve(waiting, waiting.salon.manager));
      if (round % 2 === 0) await Promise.resolve();
      bench.clock.advance(1);
      const [answer] = await Promise.all([approval, runJob(), runJob()]);
      // The job leaves out what a call works on.
      await runJob();
      const seen = await facts(bench, waiting.booking.id);
      expect(seen).toEqual(['pending_approval', answer === 'none' ? 'confirmed' : 'declined']);
      outcomes.push(answer);
    }
    expect(['none', 'BOOKING_STATE_CONFLICT']).toEqual(expect.arrayContaining([...new Set(outcomes)]));
    expect(await findBrokenPromises(bench)).toEqual([]);
  });
});
