import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CalendarEventKind } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import type { Closable } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { startCalendarTail } from '../src/stream/start-calendar-tail.ts';
import { as, type Bench, openBench, type Person, person } from './support/bench.ts';
import { calendarFacts, tell } from './support/calendar-facts.ts';
import { type CalendarWatcher, isResync, type WatchOptions, watchCalendar } from './support/calendar-watcher.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

const { confirmed, cancelled, rescheduled, blocked, freed } = calendarFacts;

let bench: Bench;
let tail: Closable;
let salon: MadeSalon;
let watchers: CalendarWatcher[] = [];

beforeAll(async () => {
  bench = await openBench();
  Object.assign(bench.ctx.config, { streamRecheckMs: 200 });
  tail = startCalendarTail(bench.ctx);
  salon = await makeSalon(bench, { staff: [undefined, undefined] });
});
afterEach(async () => {
  await Promise.all(watchers.map((watcher) => watcher.close()));
  watchers = [];
});
afterAll(async () => {
  await tail.close();
  await bench.close();
});

function watch(who: Person = salon.manager, options: Partial<WatchOptions> = {}): CalendarWatcher {
  const watcher = watchCalendar(bench.bookings, { salonId: salon.id, ...options }, as(who));
  watchers.push(watcher);
  return watcher;
}

/** A stream that has begun. */
async function begin(who: Person = salon.manager, options: Partial<WatchOptions> = {}): Promise<CalendarWatcher> {
  const watcher = watch(who, options);
  await watcher.waitFor(({ events }) => events.some(isResync));
  return watcher;
}

const fact = (...staff: number[]) => ({
  ...{ salonId: salon.id, id: uuidv7() },
  staffIds: staff.map((index) => salon.staffIds[index] ?? ''),
});

describe('WatchCalendar', () => {
  it('begins with an id to go on after, and tells of what happens then', async () => {
    const watcher = await begin();
    const [booking, block] = [fact(0), { id: uuidv7(), salonId: salon.id, resourceId: uuidv7() }];
    for (const event of [confirmed(booking), blocked(block), cancelled(booking), freed(block)]) {
      const before = watcher.events.length;
      await tell(bench.ctx, event);
      await watcher.waitFor(({ events }) => events.length > before);
    }
    const [first, ...others] = watcher.events;
    expect(first).toMatchObject({ kind: CalendarEventKind.RESYNC, fact: '' });
    expect(others.map(({ kind, fact: subject, version }) => [kind, subject, version])).toEqual([
      [CalendarEventKind.BOOKING, 'booking.booking.v1.confirmed', 1n],
      [CalendarEventKind.TIME_BLOCKED, 'booking.time_block.v1.created', 0n],
      [CalendarEventKind.BOOKING, 'booking.booking.v1.cancelled', 2n],
      [CalendarEventKind.TIME_FREED, 'booking.time_block.v1.deleted', 0n],
    ]);
    expect(others[0]?.booking).toMatchObject({ id: booking.id, customerNote: 'Call me' });
    expect(others[1]?.timeBlock?.id).toBe(block.id);
    expect(others.every(({ occurredAt }) => occurredAt !== undefined)).toBe(true);
  });

  it('goes on after the last id, without a word about what was seen', async () => {
    const first = await begin();
    await tell(bench.ctx, confirmed(fact(0)));
    await first.waitFor(({ told }) => told.length === 1);
    await first.close();
    const missed = [fact(0), fact(1)];
    for (const each of missed) await tell(bench.ctx, confirmed(each));
    const second = watch(salon.manager, { lastEventId: first.lastId });
    await second.waitFor(({ told }) => told.length === 2);
    expect([...second.told].sort()).toEqual(missed.map(({ id }) => `${id}@1`).sort());
    expect(second.events.some(isResync)).toBe(false);
  });

  it('tells nothing of other salons', async () => {
    const watcher = await begin();
    await tell(bench.ctx, confirmed({ salonId: uuidv7(), staffIds: salon.staffIds }));
    const own = fact(0);
    await tell(bench.ctx, confirmed(own));
    await watcher.waitFor(({ told }) => told.includes(`${own.id}@1`));
    expect(watcher.told).toEqual([`${own.id}@1`]);
  });

  it.each(['x', '1763800000', '1-2-3'])('refuses the id %j, which no stream has given out', async (lastEventId) => {
    expect(await watch(salon.manager, { lastEventId }).ended).toBe('RESUME_ID_INVALID');
  });

  it('tells who comes with an id of another stream to read the calendar anew', async () => {
    const watcher = await begin(salon.manager, { lastEventId: '1700000000-1' });
    const { lastId } = watcher;
    await tell(bench.ctx, confirmed(fact(0)));
    await watcher.waitFor(({ told }) => told.length === 1);
    expect(lastId).not.toContain('1700000000');
  });

  it('tells who comes with an id from the future to read the calendar anew', async () => {
    const [createdAt] = (await begin()).lastId.split('-');
    await begin(salon.manager, { lastEventId: `${createdAt}-999999999` });
  });

  it('gives a newer id from time to time, though nothing happens in this salon', async () => {
    const { streamReplayMinutes } = bench.ctx.config;
    Object.assign(bench.ctx.config, { streamReplayMinutes: 0.01 });
    try {
      const watcher = await begin();
      await tell(bench.ctx, confirmed({ salonId: uuidv7(), staffIds: [] }));
      await watcher.waitFor(({ events, lastId }) => lastId !== events[0]?.id);
      expect(watcher.events.at(-1)).toMatchObject({ kind: CalendarEventKind.POSITION, fact: '' });
    } finally {
      Object.assign(bench.ctx.config, { streamReplayMinutes });
    }
  });
});

describe('the rights of those who watch', () => {
  it.each<[string, () => Person, string]>([
    ['a manager of another salon', () => person('manager'), 'PERMISSION_DENIED'],
    ['a staff member of another salon', () => person('staff'), 'PERMISSION_DENIED'],
    ['a customer', () => person('customer'), 'PERMISSION_DENIED'],
  ])('%s is refused', async (_, who, reason) => {
    expect(await watch(who()).ended).toBe(reason);
  });

  it('nobody hears of a draft or a salon that does not exist', async () => {
    const draft = await makeSalon(bench, { isDraft: true });
    expect(await watch(person('manager'), { salonId: draft.id }).ended).toBe('NOT_FOUND');
    expect(await watch(person('admin'), { salonId: uuidv7() }).ended).toBe('NOT_FOUND');
    await begin(draft.manager, { salonId: draft.id });
    await begin(draft.staff[0], { salonId: draft.id });
  });

  it('an admin sees all of it', async () => {
    const watcher = await begin(person('admin'));
    await tell(bench.ctx, confirmed(fact(1)));
    await watcher.waitFor(({ told }) => told.length === 1);
  });

  it('staff see what they do and their own time off, and that something was moved away', async () => {
    const watcher = await begin(salon.staff[0]);
    const [own, foreign, moved, last] = [fact(0, 1), fact(1), fact(1), fact(0)];
    await tell(bench.ctx, confirmed(own), confirmed(foreign));
    await tell(bench.ctx, rescheduled(moved, salon.staffIds.slice(0, 1)));
    await tell(bench.ctx, blocked({ id: uuidv7(), salonId: salon.id, staffId: salon.staffIds[1] ?? '' }));
    await watcher.waitFor(({ told }) => told.length === 2);
    await tell(bench.ctx, confirmed(last));
    await watcher.waitFor(({ told }) => told.length === 3);
    expect(new Set(watcher.told)).toEqual(new Set([`${own.id}@1`, `${moved.id}@2`, `${last.id}@1`]));
    const away = watcher.events.find(({ booking }) => booking?.id === moved.id)?.booking;
    expect(away).toMatchObject({ items: [], customerNote: '', salonId: salon.id });
  });

  it('end with the link of the staff member', async () => {
    const { staff, staffIds, id } = await makeSalon(bench);
    const watcher = await begin(staff[0], { salonId: id });
    const text = 'UPDATE staff_members SET user_id = NULL WHERE id = $1';
    await bench.ctx.database.query({ name: 'test.unlink', text, values: [staffIds[0]] });
    expect(await watcher.ended).toBe('PERMISSION_DENIED');
  });

  it('pass with the salon to another manager, who reads the calendar anew', async () => {
    const { id, manager, staffIds } = await makeSalon(bench);
    const heir = person('manager');
    const link = 'UPDATE staff_members SET user_id = $2 WHERE id = $1';
    await bench.ctx.database.query({ name: 'test.link', text: link, values: [staffIds[0], heir.userId] });
    const [before, after] = [await begin(manager, { salonId: id }), await begin(heir, { salonId: id })];
    const text = 'UPDATE salons SET manager_id = $2 WHERE id = $1';
    await bench.ctx.database.query({ name: 'test.pass_on', text, values: [id, heir.userId] });
    expect(await before.ended).toBe('PERMISSION_DENIED');
    await after.waitFor(({ events }) => events.filter(isResync).length === 2);
    const block = { id: uuidv7(), salonId: id, resourceId: uuidv7() };
    await tell(bench.ctx, blocked(block));
    await after.waitFor(({ told }) => told.length === 1);
  });
});
