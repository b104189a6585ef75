import type { CalendarFact, KeptFact } from './calendar-fact.ts';
import { type CalendarRing, createCalendarRing } from './calendar-ring.ts';
import type { StreamPosition } from './stream-position.ts';
import { createWaiters, type Waiting } from './waiters.ts';

/** Where somebody who watches a calendar has come to. It is all that is kept of them: nothing is buffered for a slow reader. */
export interface Cursor {
  /** Whose numbers the sequence is of: a new ring knows nothing of the numbers of the one before. */
  readonly ring: CalendarRing;
  readonly sequence: number;
}

/** What comes next: a fact, the news that facts are missing, or nothing within the time. */
export type Step =
  | { readonly kind: 'fact'; readonly fact: CalendarFact; readonly cursor: Cursor }
  | { readonly kind: 'resync' | 'quiet'; readonly cursor: Cursor };

/** Hands the facts of the stream to those who watch, in this process. */
export interface CalendarFeed {
  /** Reading begins after this place; what those who watch have seen until now is not known to be all. */
  begin(place: StreamPosition): void;
  add(sequence: number, fact: KeptFact | undefined): void;
  /** All that was in the stream has been read. */
  catchUp(): void;
  /** The end of the stream, once it has been read to its end. Undefined when the signal is aborted before. */
  findEnd(signal: AbortSignal): Promise<Cursor | undefined>;
  /** The place of an event that was seen before; undefined where not all that came after it is known. */
  findPlace(position: StreamPosition, waiting: Waiting): Promise<Cursor | undefined>;
  /** What comes after the cursor in a salon's calendar. Resolves early when the signal is aborted. */
  take(salonId: string, cursor: Cursor, waiting: Waiting): Promise<Step>;
}

/** A feed that knows nothing yet and keeps at most `capacity` facts. */
export function createCalendarFeed(capacity: number): CalendarFeed {
  let ring: CalendarRing | undefined;
  const waiters = createWaiters(() => ring?.last ?? 0);
  let isCaughtUp = false;

  function findStep(salonId: string, cursor: Cursor): Step | undefined {
    if (ring === undefined) return undefined;
    if (cursor.ring !== ring || !ring.reaches(cursor.sequence)) {
      return { kind: 'resync', cursor: { ring, sequence: ring.last } };
    }
    const next = ring.findNext(salonId, cursor.sequence);
    return next && { kind: 'fact', fact: next.fact.read(), cursor: { ring, sequence: next.sequence } };
  }

  return {
    begin(place) {
      ring = createCalendarRing(place, capacity);
      isCaughtUp = false;
      waiters.wakeAll();
    },
    add(sequence, fact) {
      // Before it is there: those who wait have seen everything up to it.
      if (fact) waiters.wake(fact.salonId);
      ring?.add(sequence, fact);
      waiters.wake(anything);
    },
    catchUp() {
      isCaughtUp = ring !== undefined;
      waiters.wake(anything);
    },
    async findEnd(signal) {
      while (!signal.aborted) {
        if (ring !== undefined && isCaughtUp) return { ring, sequence: ring.last };
        await waiters.wait(anything, { signal, ms: longMs });
      }
      return undefined;
    },
    async findPlace({ createdAt, sequence }, { signal, ms }) {
      const end = performance.now() + ms;
      // Another process may have read more than this one has by now.
      while (!signal.aborted && sequence > (ring?.last ?? 0) && performance.now() < end) {
        await waiters.wait(anything, { signal, ms: Math.max(end - performance.now(), 1) });
      }
      if (ring === undefined || ring.createdAt !== createdAt) return undefined;
      return sequence <= ring.last && ring.reaches(sequence) ? { ring, sequence } : undefined;
    },
    async take(salonId, cursor, waiting) {
      const step = findStep(salonId, cursor);
      if (step) return step;
      // While it waits nothing happens in this salon: what the ring drops meanwhile is nothing to it.
      const at = { ring: cursor.ring, sequence: await waiters.wait(salonId, waiting) };
      return findStep(salonId, at) ?? { kind: 'quiet', cursor: at };
    },
  };
}

/** No salon has this id. */
const anything = '';
const longMs = 60_000;
