import { Temporal } from 'temporal-polyfill/full';

export const ramadan = 9;

// A month takes longer to find than anything else about a day, and the same few hundred dates are asked for all day long.
const known = new Map<string, number>();
const mostKnown = 4_000;

/** The month, 1 to 12, of the Umm al-Qura calendar in which a date (`YYYY-MM-DD`) lies, by its daylight. */
export function toHijriMonth(date: string): number {
  const found = known.get(date);
  if (found !== undefined) return found;
  const { month } = Temporal.PlainDate.from(date).withCalendar('islamic-umalqura');
  if (known.size >= mostKnown) known.clear();
  known.set(date, month);
  return month;
}
