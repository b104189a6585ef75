import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { DecodeError } from './decode-error.ts';

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** RFC 3339 with a zone → Timestamp. Throws `timestamp` for anything else, also for 30 February. */
export function parseTimestamp(text: unknown): Timestamp {
  const match = typeof text === 'string' ? pattern.exec(text) : null;
  if (match === null) throw new DecodeError('timestamp');
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const date = `${year}-${month}-${day}`;
  const time = Date.parse(`${date}T${hour}:${minute}:${second}${zone.toUpperCase()}`);
  // Date.parse rolls 30 February over to March.
  if (Number.isNaN(time) || !isCalendarDay(date) || Number(year) < 1) throw new DecodeError('timestamp');
  return {
    $typeName: 'google.protobuf.Timestamp',
    seconds: BigInt(Math.floor(time / 1000)),
    nanos: Number(fraction.padEnd(9, '0')),
  };
}

function isCalendarDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

/** Timestamp → RFC 3339 in UTC with 0, 3, 6 or 9 fraction digits. Throws RangeError beyond the calendar. */
export function formatTimestamp(value: Timestamp): string {
  const seconds = new Date(Number(value.seconds) * 1000).toISOString().slice(0, 19);
  return `${seconds}${formatNanos(value.nanos)}Z`;
}

/** `.5` seconds as `.500`; nothing for whole seconds. */
export function formatNanos(nanos: number): string {
  if (nanos === 0) return '';
  const digits = nanos.toString().padStart(9, '0');
  if (digits.endsWith('000000')) return `.${digits.slice(0, 3)}`;
  return `.${digits.endsWith('000') ? digits.slice(0, 6) : digits}`;
}
