import type { Calendar } from '../domain/calendar.ts';

export interface KeptCalendars {
  find(salonId: string): Calendar | undefined;
  /** Takes the place of what was kept of that salon: what the database says counts, also where it was set back. */
  keep(calendar: Calendar): void;
}

/** Keeps so many calendars; whose use is longest ago goes first. */
export function createKeptCalendars(maxSalons: number): KeptCalendars {
  // In the order of use.
  const kept = new Map<string, Calendar>();

  function keep(calendar: Calendar): void {
    const { id } = calendar.salon;
    kept.delete(id);
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size >= maxSalons) kept.delete(oldest);
    kept.set(id, calendar);
  }

  return {
    find(salonId) {
      const calendar = kept.get(salonId);
      if (calendar) keep(calendar);
      return calendar;
    },
    keep,
  };
}
