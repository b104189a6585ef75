import { create } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { BookingSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import type { CalendarFact, KeptFact } from './calendar-fact.ts';
import { type CalendarFeed, type Cursor, createCalendarFeed } from './calendar-feed.ts';

const place = { createdAt: 7, sequence: 100 };
const now = new AbortController().signal;
let feed: CalendarFeed;

beforeEach(() => {
  feed = createCalendarFeed(4);
  feed.begin(place);
  feed.catchUp();
});

function fact(salonId: string): KeptFact {
  const booking = create(BookingSchema, { salonId });
  const change = { kind: 'booking', booking, version: 1n, previousStaffIds: [] } as const;
  const read = (): CalendarFact => ({
    salonId,
    subject: 'booking.booking.v1.confirmed',
    occurredAt: new Date(0),
    change,
  });
  return { salonId, read };
}

function add(from: number, to: number, salonId = 'a'): void {
  for (let sequence = from; sequence <= to; sequence++) feed.add(sequence, fact(salonId));
}

async function end(): Promise<Cursor> {
  const found = await feed.findEnd(now);
  if (!found) throw new Error('aborted');
  return found;
}

const take = (cursor: Cursor, salonId = 'a', ms = 0) => feed.take(salonId, cursor, { signal: now, ms });
const find = (sequence: number, createdAt = 7) => feed.findPlace({ createdAt, sequence }, { signal: now, ms: 0 });

describe('a calendar feed', () => {
  it('gives the facts of one salon in the order of the stream, each once', async () => {
    let cursor = await end();
    add(101, 102);
    add(103, 103, 'b');
    add(104, 104);
    const seen: number[] = [];
    for (let step = await take(cursor); step.kind === 'fact'; step = await take(cursor)) {
      cursor = step.cursor;
      seen.push(cursor.sequence);
    }
    expect(seen).toEqual([101, 102, 104]);
  });

  it('gives a fact to whoever waits for it, and to nobody who waits for another salon', async () => {
    const cursor = await end();
    const [own, other] = [take(cursor, 'a', 10_000), take(cursor, 'b', 20)];
    add(101, 101);
    expect(await own).toMatchObject({ kind: 'fact', cursor: { sequence: 101 } });
    expect(await other).toMatchObject({ kind: 'quiet', cursor: { sequence: 101 } });
  });

  it('keeps a place in a silent salon, however much happens in others meanwhile', async () => {
    const waiting = take(await end(), 'quiet', 20);
    add(101, 120);
    const { kind, cursor } = await waiting;
    expect([kind, cursor.sequence]).toEqual(['quiet', 120]);
    const next = take(cursor, 'quiet', 10_000);
    add(121, 140);
    feed.add(141, fact('quiet'));
    expect(await next).toMatchObject({ kind: 'fact', cursor: { sequence: 141 } });
  });

  it('tells a reader who is too slow that facts are missing, and goes on from the end', async () => {
    const cursor = await end();
    add(101, 105);
    const step = await take(cursor);
    expect(step).toMatchObject({ kind: 'resync', cursor: { sequence: 105 } });
    add(106, 106);
    expect(await take(step.cursor)).toMatchObject({ kind: 'fact', cursor: { sequence: 106 } });
  });

  it('goes on after a place that it knows, to the last number before what was dropped', async () => {
    add(101, 105);
    expect(await find(101)).toMatchObject({ sequence: 101 });
    expect(await find(100)).toBeUndefined();
    expect(await find(102, 8)).toBeUndefined();
  });

  it('waits for a place that another process knows already, for a while', async () => {
    const later = feed.findPlace({ createdAt: 7, sequence: 102 }, { signal: now, ms: 10_000 });
    add(101, 102);
    expect(await later).toMatchObject({ sequence: 102 });
    expect(await find(103)).toBeUndefined();
  });

  it('tells everybody that facts are missing when it begins anew, also at the same numbers', async () => {
    const cursor = await end();
    const waiting = take(cursor, 'a', 10_000);
    feed.begin(place);
    expect(await waiting).toMatchObject({ kind: 'resync', cursor: { sequence: 100 } });
  });

  it('has no end before all that was there is read', async () => {
    feed.begin(place);
    let found: Cursor | undefined;
    void end().then((cursor) => {
      found = cursor;
    });
    add(101, 101);
    await Promise.resolve();
    expect(found).toBeUndefined();
    feed.catchUp();
    expect((await end()).sequence).toBe(101);
  });

  it('lets go of whoever has left', async () => {
    const gone = new AbortController();
    const cursor = await end();
    const waiting = feed.take('a', cursor, { signal: gone.signal, ms: 10_000 });
    gone.abort();
    expect(await waiting).toMatchObject({ kind: 'quiet' });
    expect(await feed.findEnd(gone.signal)).toBeUndefined();
  });
});
