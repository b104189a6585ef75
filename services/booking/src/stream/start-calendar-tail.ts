import { eventTypeOf } from '@mawid/contracts';
import { BookingConfirmedSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { type Closable, startStreamTail, type TailMessage } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { type KeptFact, keepFact } from './calendar-fact.ts';

/** Reads our own events back from the stream, those of all replicas in one order, for all who watch a calendar in this process. */
export function startCalendarTail(ctx: Context): Closable {
  const { nats, logger, config, metrics, calendarFeed: feed } = ctx;
  return startStreamTail({
    nats,
    logger,
    stream: eventTypeOf(BookingConfirmedSchema).stream,
    backMs: config.streamReplayMinutes * 60_000,
    onBegin: (place) => feed.begin(place),
    onMessage: (message) => feed.add(message.sequence, read(ctx, message)),
    onCaughtUp() {
      metrics.calendarTail.set(1);
      feed.catchUp();
    },
    onLost: () => metrics.calendarTail.set(0),
  });
}

function read({ logger }: Context, message: TailMessage): KeptFact | undefined {
  try {
    return keepFact(message);
  } catch (error) {
    logger.error({ err: error, sequence: message.sequence, subject: message.subject }, 'an event cannot be read');
    return undefined;
  }
}
