import type { WeeklyWindow } from '../domain/weekly-windows.ts';
import type { KeptDate } from '../hours/kept-hours.ts';

/** Windows and dates as the statements of both salons and staff read them. */
export type WindowRow = [season: string, weekday: number, opens: number, closes: number];
export type DateRow = [date: string, opens: number[], closes: number[], note: string];

/** The windows of a season; '' is the week outside of seasons. */
export function toWeekly(rows: readonly WindowRow[] | null, season: string): WeeklyWindow[] {
  const own = (rows ?? []).filter(([key]) => key === season);
  return own.map(([, weekday, opens, closes]) => ({ weekday, opens, closes }));
}

export function toDates(rows: readonly DateRow[] | null): KeptDate[] {
  return (rows ?? []).map(([date, opens, closes, note]) => {
    const spans = opens.map((minute, index) => ({ opens: minute, closes: closes[index] ?? minute }));
    return { date, spans, note };
  });
}

interface Hours {
  readonly weekly: readonly WeeklyWindow[];
  readonly seasons: readonly { readonly key: string; readonly weekly: readonly WeeklyWindow[] }[];
}

/** The columns season, weekday, opens and closes of all windows. */
export function toWindowColumns({ weekly, seasons }: Hours): (string[] | number[])[] {
  const rows = [{ key: '', weekly }, ...seasons].flatMap(({ key, weekly: windows }) =>
    windows.map((window) => ({ key, ...window })),
  );
  return [
    rows.map(({ key }) => key),
    rows.map(({ weekday }) => weekday),
    rows.map(({ opens }) => opens),
    rows.map(({ closes }) => closes),
  ];
}

/** All dates as one JSON text, for lists in lists are more than `unnest` can take apart. */
export function toDatesJson(dates: readonly KeptDate[]): string {
  const rows = dates.map(({ date, spans, note }) => ({
    date,
    opens: spans.map(({ opens }) => opens),
    closes: spans.map(({ closes }) => closes),
    note,
  }));
  return JSON.stringify(rows);
}
