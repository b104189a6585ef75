import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { BenchSalon } from './make-salons.ts';

/** A booking that can be made: anyone of the salon, in a half hour in which nobody has been filled. */
export interface Wish {
  readonly salonId: string;
  readonly items: { serviceId: string }[];
  readonly startAt: ReturnType<typeof timestampFromMs>;
}

const [hourMs, dayMs] = [3_600_000, 86_400_000];
/** Riyadh has no daylight saving. */
const riyadhMs = 3 * hourMs;
const days = 28;

/** The local midnight after now, in Riyadh. */
export function nextMidnight(): number {
  return Math.ceil((Date.now() + riyadhMs) / dayMs) * dayMs - riyadhMs;
}

/** Hands out wishes that do not get in each other's way, over salons, days and hours in no order. */
export function createWishes(salons: readonly BenchSalon[]): () => Wish {
  const from = nextMidnight();
  const places = salons.length * days * 14;
  // A step that shares no factor with the number of places visits all of them; each has room for the whole staff.
  const step = 7_919;
  let next = 0;
  return () => {
    const place = (next * step) % places;
    next += 1;
    const salon = salons[place % salons.length] as BenchSalon;
    const day = Math.floor(place / salons.length) % days;
    const hour = 9 + Math.floor(place / salons.length / days);
    const startAt = timestampFromMs(from + day * dayMs + hour * hourMs + hourMs / 2);
    return { salonId: salon.id, items: [{ serviceId: salon.serviceId }], startAt };
  };
}
