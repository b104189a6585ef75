import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { TimeBlockKind } from '@mawid/contracts/gen/mawid/booking/v1/time_block_pb.js';
import { v7 as uuidv7 } from 'uuid';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { claimEndsOf, factsOf } from './support/booking-books.ts';
import { type MadeSalon, makeSalon, type SalonPlan } from './support/make-salon.ts';

let bench: Bench;
let salon: MadeSalon;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  bench.clock.set(startOfTests);
  await open();
});

async function open(plan: SalonPlan = {}): Promise<void> {
  salon = await makeSalon(bench, { services: [{ minutes: 60, after: 15 }], staff: [undefined, undefined], ...plan });
}

type Span = readonly [from: string, to: string];
const at = (text: string) => timestampFromDate(new Date(text));
const toSpan = ([from, to]: Span) => ({ startAt: at(from), endAt: at(to) });
const iso = (timestamp: { seconds: bigint } | undefined) =>
  new Date(Number(timestamp?.seconds) * 1_000).toISOString().slice(0, 16);
const sara = () => salon.staffIds[0] ?? '';

/** Monday, 10:00 to 12:00 in Riyadh. */
const morning: Span = ['2026-11-23T07:00:00Z', '2026-11-23T09:00:00Z'];
const days = (count: number, from = startOfTests): Span => [
  from,
  new Date(Date.parse(from) + count * 86_400_000).toISOString(),
];

interface Wish {
  readonly who?: Person;
  readonly staffId?: string;
  readonly headers?: Record<string, string>;
  readonly kind?: TimeBlockKind;
  readonly reason?: string;
}

function block(span: Span, { who = salon.manager, staffId = sara(), headers = {}, ...more }: Wish = {}) {
  return bench.availability.createTimeOff({ staffId, ...toSpan(span), ...more }, as(who, headers));
}

const free = (timeOffId: string, { who = salon.manager, staffId = sara() }: Wish = {}) =>
  bench.availability.deleteTimeOff({ staffId, timeOffId }, as(who));

function book(startAt: string, staffId = sara()) {
  const items = [{ serviceId: salon.serviceIds[0] ?? '', staffId }];
  return bench.bookings.createBooking({ salonId: salon.id, items, startAt: at(startAt) }, as(person('customer')));
}

async function startsOf(staffId: string): Promise<string[]> {
  const span = { from: at('2026-11-23T00:00:00Z'), to: at('2026-11-24T00:00:00Z') };
  const wish = { salonId: salon.id, serviceIds: salon.serviceIds, staffId, ...span };
  return (await bench.availability.listSlots(wish)).slots.map(({ startAt }) => iso(startAt).slice(11));
}

async function countBlocks(): Promise<number> {
  return bench.ctx.prisma.timeBlock.count({ where: { salonId: salon.id } });
}

describe('CreateTimeOff', () => {
  it('takes the time from what is offered and booked, of that person alone', async () => {
    await block(morning);
    const starts = await startsOf(sara());
    // Open from 07:00 to 15:00; nobody is claimed to the minute on which the time off ends.
    expect([starts[0], starts.at(-1)]).toEqual(['09:00', '14:00']);
    expect((await startsOf(salon.staffIds[1] ?? ''))[0]).toBe('07:00');
    expect(await refusalOf(book('2026-11-23T08:00:00Z'))).toBe('SLOT_TAKEN');
    expect(await refusalOf(book('2026-11-23T08:00:00Z', salon.staffIds[1]))).toBe('none');
    expect(await refusalOf(book('2026-11-23T09:00:00Z'))).toBe('none');
  });

  it('answers with the block, and tells of it', async () => {
    const made = await block(morning, { reason: 'Dentist' });
    expect(made).toMatchObject({ salonId: salon.id, staffId: sara(), resourceId: '', reason: 'Dentist' });
    expect([made.kind, made.createdBy]).toEqual([TimeBlockKind.TIME_OFF, salon.manager.userId]);
    expect([iso(made.startAt), iso(made.endAt), iso(made.createdAt)]).toEqual([
      '2026-11-23T07:00',
      '2026-11-23T09:00',
      '2026-11-22T09:00',
    ]);
    expect(await factsOf(bench.ctx.database, made.id)).toEqual(['created']);
    expect((await block(days(1, '2026-12-01T00:00:00Z'), { kind: TimeBlockKind.BLOCK })).kind).toBe(
      TimeBlockKind.BLOCK,
    );
  });

  it('is refused where a booking stands, its buffers included, and writes nothing', async () => {
    await book('2026-11-23T07:00:00Z');
    expect(await refusalOf(block(morning))).toBe('TIME_HAS_BOOKINGS');
    expect(await refusalOf(block(['2026-11-23T08:14:00Z', '2026-11-23T09:00:00Z']))).toBe('TIME_HAS_BOOKINGS');
    expect(await refusalOf(block(days(30)))).toBe('TIME_HAS_BOOKINGS');
    expect(await countBlocks()).toBe(0);
    expect(await refusalOf(block(['2026-11-23T08:15:00Z', '2026-11-23T09:00:00Z']))).toBe('none');
  });

  it('is refused where time is blocked already; a booking in the way is told of first', async () => {
    await block(morning);
    expect(await refusalOf(block(['2026-11-23T08:59:00Z', '2026-11-23T10:00:00Z']))).toBe('TIME_ALREADY_BLOCKED');
    await book('2026-11-23T09:00:00Z');
    expect(await refusalOf(block(['2026-11-23T08:00:00Z', '2026-11-23T10:00:00Z']))).toBe('TIME_HAS_BOOKINGS');
    expect(await countBlocks()).toBe(1);
  });

  it('releases holds that have lapsed, and no others', async () => {
    await open({ paymentPolicy: PaymentPolicy.IN_ADVANCE });
    const first = await book('2026-11-23T07:00:00Z');
    bench.clock.advance(6 * 60_000);
    const second = await book('2026-11-23T10:00:00Z');
    bench.clock.advance(5 * 60_000);
    expect(await refusalOf(block(days(3)))).toBe('TIME_HAS_BOOKINGS');
    expect(await claimEndsOf(bench.ctx.database, first.id)).not.toEqual(['released']);
    expect(await refusalOf(block(morning))).toBe('none');
    expect(await claimEndsOf(bench.ctx.database, first.id)).toEqual(['released']);
    expect(await claimEndsOf(bench.ctx.database, second.id)).toEqual(['2026-11-22T09:16:00.000Z']);
  });

  it.each<[string, Span, string]>([
    ['ends before it starts', ['2026-11-23T09:00:00Z', '2026-11-23T07:00:00Z'], 'SPAN_INVALID'],
    ['has no length', ['2026-11-23T09:00:00Z', '2026-11-23T09:00:00Z'], 'SPAN_INVALID'],
    ['is past', ['2026-11-22T07:00:00Z', '2026-11-22T09:00:00Z'], 'SPAN_INVALID'],
    ['has begun', ['2026-11-22T07:00:00Z', '2026-11-22T09:00:01Z'], 'none'],
    ['lasts 400 days', days(400), 'none'],
    [
      'lasts longer',
      [startOfTests, new Date(Date.parse(startOfTests) + 400 * 86_400_000 + 1).toISOString()],
      'SPAN_INVALID',
    ],
    ['starts before we can count', ['1969-12-31T00:00:00Z', '2026-11-23T09:00:00Z'], 'SPAN_INVALID'],
    ['ends after we can count', ['2026-11-23T09:00:00Z', '9999-12-31T00:00:00Z'], 'SPAN_INVALID'],
  ])('judges a span that %s', async (_, span, expected) => {
    expect(await refusalOf(block(span))).toBe(expected);
    expect(await countBlocks()).toBe(expected === 'none' ? 1 : 0);
  });

  it('blocks once per idempotency key, and keeps none of a refusal', async () => {
    const headers = { 'idempotency-key': uuidv7() };
    const [first, second] = await Promise.all([block(morning, { headers }), block(morning, { headers })]);
    expect(second).toEqual(first);
    bench.clock.advance(3 * 86_400_000);
    expect(await block(morning, { headers })).toEqual(first);
    expect(await factsOf(bench.ctx.database, first.id)).toEqual(['created']);
    expect(await refusalOf(block(days(1), { headers }))).toBe('IDEMPOTENCY_KEY_REUSED');
    const other = { 'idempotency-key': uuidv7() };
    expect(await refusalOf(block(morning, { headers: other }))).toBe('SPAN_INVALID');
    expect(await refusalOf(block(days(1, '2026-11-27T00:00:00Z'), { headers: other }))).toBe('none');
  });
});

describe('who may block time of a staff member', () => {
  it('is the salon and the person, whether or not it is published', async () => {
    await open({ isDraft: true });
    const [own, colleague] = salon.staff;
    const answers = [];
    for (const who of [own, salon.manager, person('admin'), colleague, person('staff'), person('manager')]) {
      answers.push(
        await refusalOf(block(days(1, `2026-12-0${answers.length + 1}T00:00:00Z`), { who: who ?? person('staff') })),
      );
    }
    expect(answers).toEqual(['none', 'none', 'none', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
  });

  it('is nobody else in a published salon', async () => {
    const made = await block(morning);
    for (const who of [salon.staff[1], person('staff'), person('manager'), person('customer')]) {
      const caller = { who: who ?? person('staff') };
      expect(await refusalOf(block(days(1), caller))).toBe('PERMISSION_DENIED');
      expect(await refusalOf(free(made.id, caller))).toBe('PERMISSION_DENIED');
      expect(await refusalOf(bench.availability.listTimeOff({ staffId: sara() }, as(caller.who)))).toBe(
        'PERMISSION_DENIED',
      );
    }
    expect(await refusalOf(block(days(1), { staffId: uuidv7() }))).toBe('NOT_FOUND');
  });
});

describe('DeleteTimeOff', () => {
  it('frees the time, tells of it once, and misses nothing that is gone', async () => {
    const made = await block(morning);
    await Promise.all([free(made.id), free(made.id), free(made.id, { who: salon.staff[0] ?? salon.manager })]);
    await free(made.id);
    expect(await factsOf(bench.ctx.database, made.id)).toEqual(['created', 'deleted']);
    expect((await startsOf(sara()))[0]).toBe('07:00');
    expect(await refusalOf(block(morning))).toBe('none');
  });

  it('frees nothing of somebody else', async () => {
    const made = await block(morning);
    await free(made.id, { staffId: salon.staffIds[1] ?? '' });
    expect(await refusalOf(book('2026-11-23T08:00:00Z'))).toBe('SLOT_TAKEN');
  });
});

describe('ListTimeOff', () => {
  const list = (more: object = {}) => bench.availability.listTimeOff({ staffId: sara(), ...more }, as(salon.manager));

  it('has the pages by start, from now or from a moment on', async () => {
    for (const day of ['05', '03', '04', '01', '02']) await block(days(1, `2026-12-${day}T00:00:00Z`));
    await block(morning, { staffId: salon.staffIds[1] ?? '' });
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await list({ pageSize: 2, pageToken });
      seen.push(...page.timeOff.map(({ startAt }) => iso(startAt).slice(8, 10)));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(seen).toEqual(['01', '02', '03', '04', '05']);
    bench.clock.set('2026-12-03T12:00:00Z');
    const daysOf = async (from?: string) =>
      (await list(from ? { from: at(from) } : {})).timeOff.map(({ startAt }) => iso(startAt).slice(8, 10));
    expect(await daysOf()).toEqual(['03', '04', '05']);
    expect(await daysOf('2026-12-02T00:00:00Z')).toEqual(['02', '03', '04', '05']);
    expect(await daysOf('1950-01-01T00:00:00Z')).toHaveLength(5);
  });

  it('takes no page of another list', async () => {
    for (const day of ['01', '02']) await block(days(1, `2026-12-${day}T00:00:00Z`));
    const { nextPageToken: pageToken } = await list({ pageSize: 1 });
    const other = bench.availability.listTimeOff({ staffId: salon.staffIds[1] ?? '', pageToken }, as(salon.manager));
    expect(await refusalOf(other)).toBe('PAGE_TOKEN_INVALID');
  });
});
