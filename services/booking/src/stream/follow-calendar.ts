import { ConnectError } from '@connectrpc/connect';
import type { CalendarEvent } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import type { Context } from '../context.ts';
import type { User } from '../domain/booking-rights.ts';
import type { Cursor, Step } from './calendar-feed.ts';
import { type CalendarView, isSameView, showFact } from './calendar-view.ts';
import { findView, requireView } from './find-view.ts';
import { type StreamPosition, toEventId } from './stream-position.ts';
import { toCalendarEvent, toMarkEvent } from './to-calendar-event.ts';

/** Who watches which calendar, from where on. */
export interface Watch {
  readonly salonId: string;
  readonly user: User;
  /** Of the last event that was seen. */
  readonly after: StreamPosition | undefined;
  readonly signal: AbortSignal;
}

/** How long an id of another process may be ahead of what this one has read. */
const reachMs = 5_000;

/** The events of one stream; ends when the signal is aborted, and with a refusal when its watcher has lost the right to it. */
export async function* followCalendar(ctx: Context, watch: Watch): AsyncGenerator<CalendarEvent> {
  const view = await requireView(ctx, watch);
  ctx.metrics.calendarStreams.inc();
  try {
    const cursor = await findStart(ctx, watch);
    if (cursor.isNew) yield toResync(ctx, cursor, watch.after ? 'lost' : 'begun');
    yield* goOn(ctx, watch, { view, cursor });
    // A stream that its server ends says so; its client comes back elsewhere.
    if (watch.signal.reason instanceof ConnectError) throw watch.signal.reason;
  } finally {
    ctx.metrics.calendarStreams.dec();
  }
}

async function findStart({ calendarFeed }: Context, { after, signal }: Watch): Promise<Cursor & { isNew: boolean }> {
  await calendarFeed.findEnd(signal);
  const place = after && (await calendarFeed.findPlace(after, { signal, ms: reachMs }));
  if (place) return { ...place, isNew: false };
  const end = await calendarFeed.findEnd(signal);
  if (end === undefined) throw signal.reason;
  return { ...end, isNew: true };
}

async function* goOn(
  ctx: Context,
  watch: Watch,
  begin: { view: CalendarView; cursor: Cursor },
): AsyncGenerator<CalendarEvent> {
  const { calendarFeed, config } = ctx;
  // A third of what a process that starts reads back, so that the id which a client has is always young enough.
  const markMs = (config.streamReplayMinutes * 60_000) / 3;
  let { view, cursor } = begin;
  let checkAt = timeIn(config.streamRecheckMs);
  let markAt = timeIn(markMs);
  while (!watch.signal.aborted) {
    const ms = Math.max(Math.min(checkAt, markAt) - performance.now(), 0);
    let step = await calendarFeed.take(watch.salonId, cursor, { signal: watch.signal, ms });
    if (watch.signal.aborted) return;
    ({ cursor } = step);
    if (performance.now() >= checkAt) {
      const now = await findView(ctx, watch, view);
      if (!isSameView(view, now)) step = { kind: 'resync', cursor };
      view = now;
      checkAt = timeIn(config.streamRecheckMs);
    }
    const event = toEvent(ctx, step, { view, isMarkDue: performance.now() >= markAt });
    if (event === undefined) continue;
    markAt = timeIn(markMs);
    yield event;
  }
}

/** A little sooner each time, so that streams which have begun together do not move in step. */
function timeIn(ms: number): number {
  return performance.now() + ms * (1 - Math.random() / 4);
}

function toEvent(
  ctx: Context,
  step: Step,
  { view, isMarkDue }: { view: CalendarView; isMarkDue: boolean },
): CalendarEvent | undefined {
  if (step.kind === 'resync') return toResync(ctx, step.cursor, 'overtaken');
  const shown = step.kind === 'fact' ? showFact(view, step.fact) : undefined;
  const id = idOf(step.cursor);
  if (shown) return toCalendarEvent(id, shown);
  return isMarkDue ? toMarkEvent(id, 'position', ctx.clock.now()) : undefined;
}

function toResync(ctx: Context, cursor: Cursor, cause: 'begun' | 'lost' | 'overtaken'): CalendarEvent {
  ctx.metrics.calendarResyncs.inc({ cause });
  return toMarkEvent(idOf(cursor), 'resync', ctx.clock.now());
}

function idOf({ ring, sequence }: Cursor): string {
  return toEventId({ createdAt: ring.createdAt, sequence });
}
