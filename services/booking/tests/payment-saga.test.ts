import { fromBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BookingCancelledSchema,
  BookingPaymentUnusableSchema,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { type Booking, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { expireHolds } from '../src/jobs/expire-holds.ts';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { claimEndsOf, factsOf, historyOf, payloadsOf } from './support/booking-books.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';
import { createPaymentFacts, type PaymentFacts } from './support/payment-facts.ts';
import { makeRoom, needOneOf } from './support/resources.ts';

let bench: Bench;
let payments: PaymentFacts;
let salon: MadeSalon;
let others: MadeSalon;
beforeAll(async () => {
  bench = await openBench();
  payments = createPaymentFacts(bench.ctx);
  const allDay = { opens: '00:00', closes: '24:00', services: [{ minutes: 30 }] };
  salon = await makeSalon(bench, { ...allDay, paymentPolicy: PaymentPolicy.IN_ADVANCE });
  others = await makeSalon(bench, { ...allDay, paymentPolicy: PaymentPolicy.IN_ADVANCE });
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const rounds = 12;
const lapseMs = 11 * 60_000;
let lastSlot = 48;

/** A start that no other test uses. */
function nextStart() {
  lastSlot += 1;
  return timestampFromDate(new Date(Date.parse(startOfTests) + lastSlot * 30 * 60_000));
}

interface Held {
  who: Person;
  id: string;
  startAt: ReturnType<typeof nextStart>;
}

const book = (who: Person, startAt: Held['startAt'], at: MadeSalon = salon): Promise<Booking> =>
  bench.bookings.createBooking({ salonId: at.id, items: [{ serviceId: at.serviceIds[0] ?? '' }], startAt }, as(who));

async function hold(): Promise<Held> {
  const [who, startAt] = [person('customer'), nextStart()];
  return { who, startAt, id: (await book(who, startAt)).id };
}

const expire = () => expireHolds(bench.ctx, new AbortController().signal);
const facts = (id: string) => factsOf(bench.ctx.database, id);
const claimEnds = (id: string) => claimEndsOf(bench.ctx.database, id);
const read = ({ id, who }: Held) => bench.bookings.getBooking({ bookingId: id }, as(who));

async function force(id: string, changes: string): Promise<void> {
  const text = `UPDATE bookings SET hold_expires_at = NULL, ${changes} WHERE id = $1`;
  await bench.ctx.database.query({ name: `test.force ${changes}`.slice(0, 60), text, values: [id] });
}

describe('a captured payment', () => {
  it('writes the history of what it confirms', async () => {
    const held = await hold();
    await payments.captured(held.id);
    expect((await historyOf(bench.ctx.database, held.id)).at(-1)).toBe('2 pay confirmed system');
    expect(await claimEnds(held.id)).toEqual(['lasting']);
  });

  it.each([
    ['pending_approval', 'approval_expires_at = start_at'],
    ['confirmed', `amount_paid = amount_due, payment_id = '019abc00-0000-7000-8000-0000000000aa'`],
    ['checked_in', 'checked_in_at = start_at'],
    ['completed', 'completed_at = end_at'],
    ['no_show', 'no_show_at = end_at, no_show_fee = 0, no_show_refund = 0, no_show_undo_until = end_at'],
    ['declined', 'declined_at = start_at, declined_by_deadline = true'],
    ['cancelled', `cancelled_at = start_at, cancelled_by = 'salon', cancel_fee = 0, cancel_refund = 0`],
  ])('goes back when its booking is %s, which stays as it is', async (state, columns) => {
    const held = await hold();
    await force(held.id, `state = '${state}', ${columns}`);
    const before = await read(held);
    const paymentId = await payments.captured(held.id);
    expect(await read(held)).toEqual(before);
    const last = (await payloadsOf(bench.ctx.database, held.id)).at(-1);
    expect(last?.fact).toBe('payment_unusable');
    expect(fromBinary(BookingPaymentUnusableSchema, last?.payload ?? Buffer.of())).toMatchObject({
      ...{ bookingId: held.id, paymentId, amount: { amount: 10_000n, currency: 'SAR' } },
    });
  });

  it.each(['cancelled', 'no_show', 'completed'])(
    'means nothing when it paid for a booking that is %s by now',
    async (state) => {
      const held = await hold();
      const id = await payments.captured(held.id);
      const columns = { cancelled: `cancelled_at = now(), cancelled_by = 'salon'`, no_show: 'no_show_at = now()' };
      await force(
        held.id,
        `state = '${state}', completed_at = now(), ${columns[state as 'cancelled'] ?? 'version = 2'}`,
      );
      await payments.captured(held.id, { id });
      expect(await facts(held.id)).toEqual(['held', 'confirmed']);
    },
  );

  it('in another currency goes back', async () => {
    const held = await hold();
    await payments.captured(held.id, { currency: 'USD' });
    expect(await facts(held.id)).toEqual(['held', 'payment_unusable']);
  });

  it('goes back when who does it has left since the hold lapsed, and is kept while the hold stands', async () => {
    const leave = (changes: string, id: string) =>
      bench.ctx.database.query({
        name: '',
        text: `UPDATE staff_members SET ${changes} WHERE salon_id = $1`,
        values: [id],
      });
    for (const isExpired of [false, true]) {
      for (const changes of ['active = false', 'active = false, deleted_at = now()']) {
        const at = await makeSalon(bench, { services: [{ minutes: 30 }], paymentPolicy: PaymentPolicy.IN_ADVANCE });
        const { id } = await book(person('customer'), timestampFromDate(new Date('2026-11-25T07:00:00Z')), at);
        bench.clock.advance(lapseMs);
        if (isExpired) await expire();
        await leave(changes, at.id);
        await payments.captured(id);
        expect((await facts(id)).at(-1)).toBe('payment_unusable');
        bench.clock.set(startOfTests);
      }
    }
    const at = await makeSalon(bench, { services: [{ minutes: 30 }], paymentPolicy: PaymentPolicy.IN_ADVANCE });
    const { id } = await book(person('customer'), timestampFromDate(new Date('2026-11-25T07:00:00Z')), at);
    await leave('active = false', at.id);
    await payments.captured(id);
    expect(await facts(id)).toEqual(['held', 'confirmed']);
  });

  it('goes back when its room has been taken out of the catalogue since the hold lapsed', async () => {
    const at = await makeSalon(bench, { services: [{ minutes: 30 }], paymentPolicy: PaymentPolicy.IN_ADVANCE });
    const room = await makeRoom(bench, at);
    const serviceId = at.serviceIds[0] ?? '';
    await needOneOf(bench, at, { serviceId, resourceIds: [room.id] });
    const { id } = await book(person('customer'), timestampFromDate(new Date('2026-11-25T07:00:00Z')), at);
    bench.clock.advance(lapseMs);
    await bench.catalog.updateService({ serviceId, resourceNeeds: { needs: [] } }, as(at.manager));
    await bench.catalog.deleteResource({ resourceId: room.id }, as(at.manager));
    await payments.captured(id);
    expect(await facts(id)).toEqual(['held', 'payment_unusable']);
  });

  it('claims the new time of a booking that was moved, and nothing of the old', async () => {
    const held = await hold();
    const startAt = nextStart();
    await bench.bookings.rescheduleBooking({ bookingId: held.id, startAt }, as(held.who));
    bench.clock.advance(lapseMs);
    await expire();
    await payments.captured(held.id);
    expect(await read(held)).toMatchObject({ state: BookingState.CONFIRMED, startAt });
    expect((await claimEnds(held.id)).filter((end) => end === 'lasting')).toHaveLength(1);
    expect(await refusalOf(book(person('customer'), held.startAt))).toBe('none');
    expect(await refusalOf(book(person('customer'), startAt))).toBe('SLOT_TAKEN');
  });
});

describe('at the same moment', () => {
  it('two payments: one confirms, the other goes back', async () => {
    for (let round = 0; round < rounds; round++) {
      const held = await hold();
      await Promise.all([payments.captured(held.id), payments.captured(held.id)]);
      expect(await facts(held.id)).toEqual(['held', 'confirmed', 'payment_unusable']);
    }
  });

  it('payment and cancellation: the money goes back either way, once', async () => {
    for (let round = 0; round < rounds; round++) {
      const held = await hold();
      const cancel = () => bench.bookings.cancelBooking({ bookingId: held.id }, as(held.who));
      const [pay, away] = [() => payments.captured(held.id), cancel];
      await Promise.all(round % 2 === 0 ? [pay(), away()] : [away(), pay()]);
      const written = await payloadsOf(bench.ctx.database, held.id);
      const cancelled = written.find(({ fact }) => fact === 'cancelled');
      const { refundDue } = fromBinary(BookingCancelledSchema, cancelled?.payload ?? Buffer.of());
      const isPaidFirst = written[1]?.fact === 'confirmed';
      expect(written.map(({ fact }) => fact)).toEqual(
        isPaidFirst ? ['held', 'confirmed', 'cancelled'] : ['held', 'cancelled', 'payment_unusable'],
      );
      expect(refundDue?.amount).toBe(isPaidFirst ? 10_000n : 0n);
      expect(await claimEnds(held.id)).toEqual(['released']);
    }
  });

  it('payment and the end of its hold: the booking stands, with its time', async () => {
    for (let round = 0; round < rounds; round++) {
      const held = await hold();
      bench.clock.advance(lapseMs);
      await Promise.all([expire(), payments.captured(held.id), payments.started(held.id)]);
      expect((await read(held)).state).toBe(BookingState.CONFIRMED);
      expect(await claimEnds(held.id)).toEqual(['lasting']);
      expect(['held,confirmed', 'held,expired,confirmed']).toContain((await facts(held.id)).join());
      bench.clock.set(startOfTests);
    }
  });

  it('a late payment and a manager who takes the staff member out: one of them comes through', async () => {
    for (let round = 0; round < rounds; round++) {
      const at = await makeSalon(bench, { services: [{ minutes: 30 }], paymentPolicy: PaymentPolicy.IN_ADVANCE });
      const { id } = await book(person('customer'), timestampFromDate(new Date('2026-11-25T07:00:00Z')), at);
      bench.clock.advance(lapseMs);
      const remove = () => bench.catalog.deleteStaffMember({ staffId: at.staffIds[0] ?? '' }, as(at.manager));
      const [kept] = await Promise.all([refusalOf(remove()), payments.captured(id)]);
      const last = (await facts(id)).at(-1) ?? '';
      expect([kept, last]).toEqual(
        last === 'confirmed' ? ['STAFF_HAS_BOOKINGS', 'confirmed'] : ['none', 'payment_unusable'],
      );
      bench.clock.set(startOfTests);
    }
  });

  it('a late payment and somebody who wants the time: one of them gets it', async () => {
    for (let round = 0; round < rounds; round++) {
      const held = await hold();
      bench.clock.advance(lapseMs);
      if (round % 3 === 0) await expire();
      const [taken] = await Promise.all([
        refusalOf(book(person('customer'), held.startAt)),
        payments.captured(held.id),
      ]);
      const last = (await facts(held.id)).at(-1) ?? '';
      expect([taken, last]).toEqual(taken === 'none' ? ['none', 'payment_unusable'] : ['SLOT_TAKEN', 'confirmed']);
      bench.clock.set(startOfTests);
    }
  });

  it('everything that can be told of one payment: the booking stands, and those beside it are untouched', async () => {
    for (let round = 0; round < rounds; round++) {
      const startAt = nextStart();
      const [first, second] = await Promise.all([salon, others].map((at) => book(person('customer'), startAt, at)));
      bench.clock.advance(5 * 60_000);
      const [id, other] = [first?.id ?? '', second?.id ?? ''];
      const paymentId = await payments.started(id);
      await Promise.all([
        payments.failed(id, paymentId),
        payments.captured(id, { id: paymentId }),
        payments.started(other),
        refusalOf(book(person('customer'), startAt)),
      ]);
      expect(['held,hold_extended,confirmed', 'held,hold_extended,hold_extended,confirmed']).toContain(
        (await facts(id)).join(),
      );
      expect(await facts(other)).toEqual(['held', 'hold_extended']);
      bench.clock.set(startOfTests);
    }
  });
});
