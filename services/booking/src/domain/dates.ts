const dayMs = 86_400_000;

/** Whether the text, `YYYY-MM-DD`, is a day of the calendar; the year 0 is none. */
export function isDate(text: string): boolean {
  const moment = Date.parse(`${text}T00:00Z`);
  return !Number.isNaN(moment) && toDate(moment) === text && !text.startsWith('0000');
}

/** The place of the first that is no day of the calendar or has come before; -1 when there is none. */
export function findInvalidDate(dates: readonly string[]): number {
  return dates.findIndex((date, index) => !isDate(date) || dates.indexOf(date) < index);
}

/** The date so many days later. */
export function addDays(date: string, days: number): string {
  return toDate(Date.parse(`${date}T00:00Z`) + days * dayMs);
}

function toDate(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
