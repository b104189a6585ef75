import type { Queryable } from '@mawid/service-kit';
import { type BusyQuery, type LoadedCalendar, loadCalendars } from '../db/load-calendar.ts';
import type { Calendar } from '../domain/calendar.ts';
import type { Metrics } from '../telemetry.ts';
import { createKeptCalendars } from './kept-calendars.ts';

/**
 * The catalogue halves of calendars: everything that a decision needs but claims. A half that is kept may have been
 * overtaken: whoever decides by it compares its version in the statement that reads or writes the claims.
 *
 * `on` must not have changed the catalogue in its own transaction: what may never be committed would be kept.
 */
export interface Calendars {
  /** The half that is kept, or else read now. */
  get(on: Queryable, salonId: string): Promise<Calendar | undefined>;
  /** As `get`, for many salons; those that are not kept are read in one statement. */
  getAll(on: Queryable, salonIds: readonly string[]): Promise<Map<string, Calendar>>;
  /** Reads what has been overtaken. */
  reload(on: Queryable, salonId: string): Promise<Calendar | undefined>;
  /** As `reload`, for many salons in one statement. */
  reloadAll(on: Queryable, salonIds: readonly string[]): Promise<Map<string, Calendar>>;
  /** As `reload`, with the claims in the same statement. */
  reloadBusy(on: Queryable, salonId: string, query: BusyQuery): Promise<LoadedCalendar | undefined>;
}

export interface CalendarsOptions {
  /** Calls on it share reads. Those in a transaction do not: they hold a connection for which the reader may wait. */
  readonly shared: Queryable;
  readonly maxSalons: number;
  readonly reads: Metrics['calendarReads'];
}

export function createCalendars({ shared, maxSalons, reads }: CalendarsOptions): Calendars {
  const kept = createKeptCalendars(maxSalons);
  const loading = new Map<string, Promise<Map<string, Calendar>>>();

  async function load(on: Queryable, salonIds: readonly string[]): Promise<Map<string, Calendar>> {
    const loaded = await loadCalendars(on, salonIds);
    for (const { calendar } of loaded) kept.keep(calendar);
    return new Map(loaded.map(({ calendar }) => [calendar.salon.id, calendar]));
  }

  function loadShared(salonIds: readonly string[]): Promise<Map<string, Calendar>> {
    const read = load(shared, salonIds).finally(() => {
      for (const id of salonIds) if (loading.get(id) === read) loading.delete(id);
    });
    for (const id of salonIds) loading.set(id, read);
    return read;
  }

  async function loadMissing(on: Queryable, salonIds: readonly string[]): Promise<Map<string, Calendar>> {
    if (salonIds.length === 0) return new Map();
    if (on !== shared) return load(on, salonIds);
    const fresh = salonIds.filter((id) => !loading.has(id));
    if (fresh.length > 0) loadShared(fresh);
    const parts = await Promise.all(new Set(salonIds.map((id) => loading.get(id))));
    return new Map(parts.flatMap((part) => [...(part ?? [])]));
  }

  async function getAll(on: Queryable, salonIds: readonly string[]): Promise<Map<string, Calendar>> {
    const found = new Map<string, Calendar>();
    for (const id of new Set(salonIds)) {
      const calendar = kept.find(id);
      reads.inc({ outcome: calendar ? 'hit' : 'miss' });
      if (calendar) found.set(id, calendar);
    }
    const missing = [...new Set(salonIds)].filter((id) => !found.has(id));
    for (const [id, calendar] of await loadMissing(on, missing)) found.set(id, calendar);
    return found;
  }

  function reloadAll(on: Queryable, salonIds: readonly string[]): Promise<Map<string, Calendar>> {
    reads.inc({ outcome: 'stale' }, salonIds.length);
    return load(on, salonIds);
  }

  return {
    getAll,
    async get(on, salonId) {
      return (await getAll(on, [salonId])).get(salonId);
    },
    async reload(on, salonId) {
      return (await reloadAll(on, [salonId])).get(salonId);
    },
    reloadAll,
    async reloadBusy(on, salonId, query) {
      reads.inc({ outcome: 'stale' });
      const [loaded] = await loadCalendars(on, [salonId], query);
      if (loaded) kept.keep(loaded.calendar);
      return loaded;
    },
  };
}
