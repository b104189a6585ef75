import { create } from '@bufbuild/protobuf';
import {
  WeeklyWindowSchema,
  type WeeklyWindow as WindowMessage,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { areWindowsValid, parseClock, toClock, type WeeklyWindow } from '../domain/weekly-windows.ts';
import { errors } from '../errors.ts';

/** The windows of a request; throws WINDOWS_INVALID. */
export function requireWindows(messages: readonly WindowMessage[]): WeeklyWindow[] {
  const windows = messages.map(({ day, opens, closes }) => ({
    weekday: day,
    opens: parseClock(opens),
    closes: parseClock(closes),
  }));
  if (!areWindowsValid(windows)) throw errors.windowsInvalid();
  return windows;
}

/** Windows as messages, by day and time. */
export function toWindowMessages(windows: readonly WeeklyWindow[]): WindowMessage[] {
  const sorted = [...windows].sort((a, b) => a.weekday - b.weekday || a.opens - b.opens);
  return sorted.map(({ weekday, opens, closes }) =>
    create(WeeklyWindowSchema, { day: weekday, opens: toClock(opens), closes: toClock(closes) }),
  );
}
