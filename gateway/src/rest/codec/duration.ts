import type { Duration } from '@bufbuild/protobuf/wkt';
import { DecodeError } from './decode-error.ts';
import { formatNanos } from './timestamp.ts';

const pattern = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;
/** 10 000 years, the limit of google.protobuf.Duration. */
const maxSeconds = 315_576_000_000;

/** `90s`, `1.5s`, `-0.25s` → Duration. Throws `duration`. */
export function parseDuration(text: unknown): Duration {
  const match = typeof text === 'string' ? pattern.exec(text) : null;
  if (match === null) throw new DecodeError('duration');
  const sign = match[1] === '-' ? -1 : 1;
  const seconds = Number(match[2]);
  const nanos = Number((match[3] ?? '').padEnd(9, '0'));
  if (seconds > maxSeconds || (seconds === maxSeconds && nanos > 0)) throw new DecodeError('duration');
  return {
    $typeName: 'google.protobuf.Duration',
    seconds: BigInt(sign * seconds),
    nanos: nanos === 0 ? 0 : sign * nanos,
  };
}

export function formatDuration(value: Duration): string {
  const negative = value.seconds < 0n || value.nanos < 0;
  const seconds = value.seconds < 0n ? -value.seconds : value.seconds;
  return `${negative ? '-' : ''}${seconds}${formatNanos(Math.abs(value.nanos))}s`;
}
