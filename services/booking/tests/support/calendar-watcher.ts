import type { CallOptions, Client } from '@connectrpc/connect';
import {
  type BookingService,
  type CalendarEvent,
  CalendarEventKind,
} from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { reasonOf } from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';

/** Somebody who watches a calendar and notes what comes. */
export interface CalendarWatcher {
  /** In the order in which they came, marks among them. */
  readonly events: readonly CalendarEvent[];
  /** What was told of, as `<aggregate>@<version>`. */
  readonly told: string[];
  readonly lastId: string;
  /** Resolves when the stream has ended: with why it was refused, else `none`. */
  readonly ended: Promise<string>;
  waitFor(condition: (watcher: CalendarWatcher) => boolean): Promise<unknown>;
  close(): Promise<string>;
}

export interface WatchOptions {
  readonly salonId: string;
  readonly lastEventId?: string;
}

/** Opens a stream, and reads it until it is closed. */
export function watchCalendar(
  client: Client<typeof BookingService>,
  { salonId, lastEventId = '' }: WatchOptions,
  call: CallOptions,
): CalendarWatcher {
  const events: CalendarEvent[] = [];
  const leave = new AbortController();
  const read = async (): Promise<string> => {
    try {
      const stream = client.watchCalendar({ salonId, lastEventId }, { ...call, signal: leave.signal, timeoutMs: 0 });
      for await (const event of stream) events.push(event);
      return 'none';
    } catch (error) {
      return leave.signal.aborted ? 'none' : (reasonOf(error) ?? String(error));
    }
  };
  let end: string | undefined;
  const ended = read().then((why) => {
    end = why;
    return why;
  });
  const watcher: CalendarWatcher = {
    events,
    get told() {
      return events.filter(isFact).map(toText);
    },
    get lastId() {
      return events.at(-1)?.id ?? lastEventId;
    },
    ended,
    waitFor: (condition) => {
      const isMet = () => {
        if (condition(watcher)) return true;
        // What has ended brings nothing more: its end says more than a wait in vain.
        if (end !== undefined && !leave.signal.aborted) throw new Error(`the stream has ended: ${end}`);
        return false;
      };
      return waitFor('calendar events', isMet, { timeoutMs: 30_000 });
    },
    close() {
      leave.abort();
      return ended;
    },
  };
  return watcher;
}

export function isResync({ kind }: CalendarEvent): boolean {
  return kind === CalendarEventKind.RESYNC;
}

function isFact({ kind }: CalendarEvent): boolean {
  return kind !== CalendarEventKind.RESYNC && kind !== CalendarEventKind.POSITION;
}

function toText({ booking, timeBlock, version, kind }: CalendarEvent): string {
  return booking ? `${booking.id}@${version}` : `${timeBlock?.id}@${kind}`;
}
