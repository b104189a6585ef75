import type { KeptFact } from './calendar-fact.ts';
import type { StreamPosition } from './stream-position.ts';

/** A fact and its place. */
export interface PlacedFact {
  readonly sequence: number;
  readonly fact: KeptFact;
}

/** The latest facts of all salons, in the order of the stream. */
export interface CalendarRing {
  readonly createdAt: number;
  /** Of the last message that was read, be it a fact or not. */
  readonly last: number;
  /** Whether all facts after this sequence number are here. */
  reaches(sequence: number): boolean;
  /** The first fact of the salon after this sequence number. */
  findNext(salonId: string, sequence: number): PlacedFact | undefined;
  /** `fact` is absent for a message that tells nothing of a calendar. */
  add(sequence: number, fact: KeptFact | undefined): void;
}

/** An empty ring that begins after a place, of at most `capacity` facts; the oldest go first. */
export function createCalendarRing({ createdAt, sequence }: StreamPosition, capacity: number): CalendarRing {
  const bySalon = new Map<string, PlacedFact[]>();
  /** Whose facts they are, oldest first, from `head` on. */
  let order: string[] = [];
  let head = 0;
  let floor = sequence;
  let last = sequence;

  function dropOldest(): void {
    const salonId = order[head] ?? '';
    const facts = bySalon.get(salonId);
    const dropped = facts?.shift();
    if (dropped) floor = dropped.sequence;
    if (facts?.length === 0) bySalon.delete(salonId);
    head += 1;
    if (head < capacity) return;
    order = order.slice(head);
    head = 0;
  }

  return {
    createdAt,
    get last() {
      return last;
    },
    reaches: (after) => after >= floor,
    findNext: (salonId, after) => findAfter(bySalon.get(salonId) ?? [], after),
    add(at, fact) {
      last = at;
      if (fact === undefined) return;
      const facts = bySalon.get(fact.salonId) ?? [];
      facts.push({ sequence: at, fact });
      bySalon.set(fact.salonId, facts);
      order.push(fact.salonId);
      if (order.length - head > capacity) dropOldest();
    },
  };
}

/** They are sorted by their sequence numbers. */
function findAfter(facts: readonly PlacedFact[], after: number): PlacedFact | undefined {
  let [low, high] = [0, facts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((facts[middle]?.sequence ?? 0) > after) high = middle;
    else low = middle + 1;
  }
  return facts[low];
}
