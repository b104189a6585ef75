import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { headersOf } from '@mawid/service-kit/testing';
import { as, type Bench, openBench, type Person, person, refusalOf } from './support/bench.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
let salon: MadeSalon;
let draft: MadeSalon;
let customer: Person;
let bookingId: string;

beforeAll(async () => {
  bench = await openBench();
  salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE, staff: [undefined, undefined] });
  draft = await makeSalon(bench, { isDraft: true });
  customer = person('customer');
  const items = [{ serviceId: salon.serviceIds[0] ?? '', staffId: salon.staffIds[0] ?? '' }];
  const startAt = timestampFromDate(new Date('2026-11-23T07:00:00Z'));
  bookingId = (await bench.bookings.createBooking({ salonId: salon.id, items, startAt }, as(customer))).id;
});
afterAll(() => bench.close());

type Options = ReturnType<typeof as>;
type Call = (options: Options) => Promise<unknown>;

/** Each caller in turn: nobody, a customer (own), another customer, the staff member, a colleague, foreign staff, the manager, a foreign manager, an admin. */
async function answersTo(call: Call): Promise<string[]> {
  const callers = [
    undefined,
    customer,
    person('customer'),
    salon.staff[0],
    salon.staff[1],
    person('staff'),
    salon.manager,
    person('manager'),
    person('admin'),
  ];
  const answers: string[] = [];
  for (const who of callers) answers.push(await refusalOf(call(as(who))));
  return answers;
}

const [no, hidden, denied, ok] = ['UNAUTHENTICATED', 'NOT_FOUND', 'PERMISSION_DENIED', 'none'];
/** Drafts of somebody else do not exist for anybody but an admin. */
const adminsAlone = [hidden, hidden, hidden, hidden, hidden, hidden, hidden, hidden, ok];
const name = { ar: 'ا', en: 'a' };

describe('who may do what', () => {
  const cases: [string, Call, (string | undefined)[]][] = [
    [
      'GetBooking',
      (o) => bench.bookings.getBooking({ bookingId }, o),
      [no, ok, hidden, ok, hidden, hidden, ok, hidden, ok],
    ],
    ['ListBookings', (o) => bench.bookings.listBookings({}, o), [no, ok, ok, ok, ok, ok, ok, ok, ok]],
    [
      'ListBookings of a salon',
      (o) => bench.bookings.listBookings({ salonId: salon.id }, o),
      [no, denied, denied, ok, ok, denied, ok, denied, ok],
    ],
    [
      'ListBookings of a draft',
      (o) => bench.bookings.listBookings({ salonId: draft.id }, o),
      [no, hidden, hidden, hidden, hidden, hidden, hidden, hidden, ok],
    ],
    [
      'CancelBooking (stale)',
      (o) => bench.bookings.cancelBooking({ bookingId }, withHeader(o, 'if-match', '"v99"')),
      [no, 'STALE_ETAG', hidden, denied, hidden, hidden, 'STALE_ETAG', hidden, 'STALE_ETAG'],
    ],
    ['GetSalon', (o) => bench.catalog.getSalon({ salonId: salon.id }, o), [ok, ok, ok, ok, ok, ok, ok, ok, ok]],
    ['GetSalon of a draft', (o) => bench.catalog.getSalon({ salonId: draft.id }, o), adminsAlone],
    ['ListServices of a draft', (o) => bench.catalog.listServices({ salonId: draft.id }, o), adminsAlone],
    [
      'GetService of a draft',
      (o) => bench.catalog.getService({ serviceId: draft.serviceIds[0] ?? '' }, o),
      adminsAlone,
    ],
    ['ListStaff of a draft', (o) => bench.catalog.listStaff({ salonId: draft.id }, o), adminsAlone],
    [
      'GetStaffMember of a draft',
      (o) => bench.catalog.getStaffMember({ staffId: draft.staffIds[0] ?? '' }, o),
      adminsAlone,
    ],
    ['GetSalonHours of a draft', (o) => bench.availability.getSalonHours({ salonId: draft.id }, o), adminsAlone],
    [
      'GetStaffAvailability of a draft',
      (o) => bench.availability.getStaffAvailability({ staffId: draft.staffIds[0] ?? '' }, o),
      adminsAlone,
    ],
    [
      'UpdateSalon',
      (o) => bench.catalog.updateSalon({ salonId: salon.id }, o),
      [no, denied, denied, denied, denied, denied, ok, denied, ok],
    ],
    [
      'UpdateSalon of a draft',
      (o) => bench.catalog.updateSalon({ salonId: draft.id }, o),
      [no, denied, denied, denied, denied, denied, hidden, hidden, ok],
    ],
    [
      'PublishSalon',
      (o) => bench.catalog.publishSalon({ salonId: salon.id }, o),
      [no, denied, denied, denied, denied, denied, ok, denied, ok],
    ],
    [
      'UnpublishSalon of a draft',
      (o) => bench.catalog.unpublishSalon({ salonId: draft.id }, o),
      [no, denied, denied, denied, denied, denied, hidden, hidden, ok],
    ],
    [
      'CreateService',
      (o) =>
        bench.catalog.createService(
          { salonId: salon.id, name, durationMinutes: 30, price: { amount: 1n, currency: 'SAR' } },
          o,
        ),
      [no, denied, denied, denied, denied, denied, ok, denied, ok],
    ],
    [
      'CreateStaffMember',
      (o) => bench.catalog.createStaffMember({ salonId: salon.id, name }, o),
      [no, denied, denied, denied, denied, denied, ok, denied, ok],
    ],
    [
      'SetSalonHours',
      (o) => bench.availability.setSalonHours({ salonId: salon.id }, o),
      [no, denied, denied, denied, denied, denied, ok, denied, ok],
    ],
    [
      'SetStaffAvailability',
      (o) => bench.availability.setStaffAvailability({ staffId: salon.staffIds[0] ?? '' }, o),
      [no, denied, denied, denied, denied, denied, ok, denied, ok],
    ],
    [
      'GetBookingState',
      (o) => bench.internal.getBookingState({ bookingId }, o),
      [denied, denied, denied, denied, denied, denied, denied, denied, denied],
    ],
  ];

  it.each(cases)('%s', async (_, call, expected) => expect(await answersTo(call)).toEqual(expected));

  it('answers notify and payments, and no other service, where a booking stands', async () => {
    const ask = (peer: string) => bench.internal.getBookingState({ bookingId }, { headers: headersOf({ peer }) });
    expect(await ask('notify')).toMatchObject({ version: 1n });
    expect(await Promise.all(['payments', 'identity', 'gateway'].map((peer) => refusalOf(ask(peer))))).toEqual([
      ok,
      denied,
      denied,
    ]);
  });

  it('shows each staff member their own calendar only', async () => {
    const seen = async (who: Person | undefined) =>
      (await bench.bookings.listBookings({ salonId: salon.id }, as(who))).bookings.length;
    expect([await seen(salon.staff[0]), await seen(salon.staff[1]), await seen(salon.manager)]).toEqual([1, 0, 1]);
  });

  it('shows who signs in as a staff member to the salon only', async () => {
    const staffId = salon.staffIds[0] ?? '';
    const seen = async (who: Person | undefined) => (await bench.catalog.getStaffMember({ staffId }, as(who))).userId;
    expect([await seen(undefined), await seen(salon.manager)]).toEqual(['', salon.staff[0]?.userId]);
  });
});

function withHeader({ headers }: Options, key: string, value: string): Options {
  const copy = new Headers(headers);
  copy.set(key, value);
  return { headers: copy };
}
