import type { Context } from '../context.ts';
import { type FoundSalon, findSalons, type SalonSearch } from '../db/find-salons.ts';
import { loadSalonHours } from '../db/load-salon-hours.ts';
import { loadSalonZones } from '../db/load-salon-zones.ts';
import { isOpenAt, listDaysAround, toLocalMoment } from '../domain/is-open-at.ts';
import type { LocalDay } from '../domain/local-days.ts';

export interface SalonPageWish {
  readonly size: number;
  /** The last salon that was looked at before. */
  readonly after: FoundSalon | undefined;
  /** Only salons that are open then: none at a moment that cannot be counted with, NaN. */
  readonly openAt: number | undefined;
}

export interface SalonPage {
  readonly ids: readonly string[];
  /** Where the next page goes on; absent at the end. */
  readonly next: FoundSalon | undefined;
}

/** How many salons a call asks for their hours before it answers with what it has. */
const mostLooked = 600;
const leastLooked = 100;

/** A page of the search. With `openAt` one may be shorter than it was to be and yet not be the last. */
export async function searchSalons(ctx: Context, search: SalonSearch, wish: SalonPageWish): Promise<SalonPage> {
  const { size, after, openAt } = wish;
  if (Number.isNaN(openAt)) return { ids: [], next: undefined };
  if (openAt !== undefined) return searchOpenSalons(ctx, search, { size, after, openAt });
  const found = await ctx.database.transaction((tx) => findSalons(tx, search, { after, limit: size + 1 }));
  return toSalonPage(found, { size, looked: undefined });
}

// Whether a salon is open is for the domain to say: the database leaves out those that cannot be, the rest is read on until
// the page is full.
async function searchOpenSalons(
  ctx: Context,
  search: SalonSearch,
  { size, after, openAt }: SalonPageWish & { openAt: number },
): Promise<SalonPage> {
  const zones = await loadSalonZones(ctx.database);
  const clocks = zones.flatMap((zone) => toLocalMoment(zone, openAt) ?? []);
  const open: FoundSalon[] = [];
  let last = after;
  for (let looked = 0; looked < mostLooked && open.length <= size; ) {
    const from = last;
    // Most salons that may be open are: a page of them is usually enough.
    const limit = Math.max(size + 1, looked === 0 ? 0 : leastLooked);
    const found = await ctx.database.transaction((tx) => findSalons(tx, search, { after: from, limit, clocks }));
    open.push(...(await filterOpen(ctx, found, openAt)));
    last = found.at(-1);
    looked += found.length;
    if (found.length < limit) return toSalonPage(open, { size, looked: undefined });
  }
  return toSalonPage(open, { size, looked: last });
}

async function filterOpen(ctx: Context, found: readonly FoundSalon[], openAt: number): Promise<FoundSalon[]> {
  const salons = await loadSalonHours(
    ctx.database,
    found.map(({ id }) => id),
  );
  const days = new Map<string, readonly LocalDay[]>();
  return found.filter(({ id }) => {
    const salon = salons.get(id);
    if (!salon) return false;
    const around = days.get(salon.timeZone) ?? listDaysAround(salon.timeZone, openAt);
    days.set(salon.timeZone, around);
    return isOpenAt(salon.hours, around, openAt);
  });
}

function toSalonPage(
  found: readonly FoundSalon[],
  { size, looked }: { size: number; looked: FoundSalon | undefined },
): SalonPage {
  const ids = found.slice(0, size).map(({ id }) => id);
  return { ids, next: found.length > size ? found[size - 1] : looked };
}
