import { create } from '@bufbuild/protobuf';
import {
  type TimeSpan,
  TimeSpanSchema,
  WeeklyWindowSchema,
  type WeeklyWindow as WindowMessage,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import type { Span } from '../domain/hours.ts';
import { areWindowsValid, parseClock, toClock, type WeeklyWindow } from '../domain/weekly-windows.ts';
import { errors } from '../errors.ts';

/** The windows of a request's field; throws WINDOWS_INVALID. */
export function requireWindows(messages: readonly WindowMessage[], field: string): WeeklyWindow[] {
  const windows = messages.map(({ day, opens, closes }) => ({ weekday: day, ...toSpan({ opens, closes }) }));
  if (!areWindowsValid(windows)) throw errors.windowsInvalid(field);
  return windows;
}

/** The spans of one day in a request's field, in order; throws WINDOWS_INVALID. */
export function requireSpans(messages: readonly TimeSpan[], field: string): Span[] {
  const spans = messages.map(toSpan).sort((a, b) => a.opens - b.opens);
  if (!areWindowsValid(spans.map((span) => ({ weekday: 1, ...span })))) throw errors.windowsInvalid(field);
  return spans;
}

function toSpan({ opens, closes }: { readonly opens: string; readonly closes: string }): Span {
  return { opens: parseClock(opens), closes: parseClock(closes) };
}

/** Windows as messages, by day and time. */
export function toWindowMessages(windows: readonly WeeklyWindow[]): WindowMessage[] {
  const sorted = [...windows].sort((a, b) => a.weekday - b.weekday || a.opens - b.opens);
  return sorted.map(({ weekday, opens, closes }) =>
    create(WeeklyWindowSchema, { day: weekday, opens: toClock(opens), closes: toClock(closes) }),
  );
}

export function toSpanMessage({ opens, closes }: Span): TimeSpan {
  return create(TimeSpanSchema, { opens: toClock(opens), closes: toClock(closes) });
}
