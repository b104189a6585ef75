import { dayMinutes } from './local-days.ts';

/** A span of one weekday, in minutes after the local midnight. */
export interface WeeklyWindow {
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  readonly opens: number;
  /** Up to 1440, midnight at the end of the day. */
  readonly closes: number;
}

/** Whether each window ends after it starts and no two of a day overlap; they may touch. */
export function areWindowsValid(windows: readonly WeeklyWindow[]): boolean {
  const sorted = [...windows].sort((a, b) => a.weekday - b.weekday || a.opens - b.opens);
  return sorted.every(({ weekday, opens, closes }, index) => {
    const next = sorted[index + 1];
    const meetsNext = next !== undefined && next.weekday === weekday && next.opens < closes;
    return opens < closes && opens >= 0 && closes <= dayMinutes && !meetsNext;
  });
}

/** Minutes after midnight of `HH:MM`. */
export function parseClock(text: string): number {
  const [hours = Number.NaN, minutes = Number.NaN] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

/** `HH:MM` of minutes after midnight. */
export function toClock(minutes: number): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
