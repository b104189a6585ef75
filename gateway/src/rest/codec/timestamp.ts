import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { DecodeError } from './decode-error.ts';

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt]([01]\d|2[0-3]):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** What google.protobuf.Timestamp holds, in seconds: 0001-01-01T00:00:00Z to the last second of 9999. */
const minSeconds = -62_135_596_800;
const maxSeconds = 253_402_300_799;

/**
 * RFC 3339 with a zone → Timestamp. Throws `timestamp` for anything else: 30 February, a leap second (Timestamp has none), and a time that its offset
 * moves out of the years 1 to 9999.
 */
export function parseTimestamp(text: unknown): Timestamp {
  const match = typeof text === 'string' ? pattern.exec(text) : null;
  if (match === null) throw new DecodeError('timestamp');
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const date = `${year}-${month}-${day}`;
  const time = Date.parse(`${date}T${hour}:${minute}:${second}${zone.toUpperCase()}`);
  const seconds = time / 1000;
  // Date.parse rolls 30 February over to March.
  if (!isWithinCalendar(seconds) || !isCalendarDay(date)) throw new DecodeError('timestamp');
  return {
    $typeName: 'google.protobuf.Timestamp',
    seconds: BigInt(seconds),
    nanos: Number(fraction.padEnd(9, '0')),
  };
}

/** False for NaN, too. */
function isWithinCalendar(seconds: number): boolean {
  return seconds >= minSeconds && seconds <= maxSeconds;
}

function isCalendarDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

/** Timestamp → RFC 3339 in UTC with 0, 3, 6 or 9 fraction digits. Throws RangeError outside of the years 1 to 9999, which have no such form. */
export function formatTimestamp(value: Timestamp): string {
  const seconds = Number(value.seconds);
  if (!isWithinCalendar(seconds)) throw new RangeError(`a Timestamp of ${value.seconds} s has no RFC 3339 form`);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${formatNanos(value.nanos)}Z`;
}

/** `.5` seconds as `.500`; nothing for whole seconds. */
export function formatNanos(nanos: number): string {
  if (nanos === 0) return '';
  const digits = nanos.toString().padStart(9, '0');
  if (digits.endsWith('000000')) return `.${digits.slice(0, 3)}`;
  return `.${digits.endsWith('000') ? digits.slice(0, 6) : digits}`;
}
