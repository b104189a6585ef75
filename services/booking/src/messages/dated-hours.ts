import { create } from '@bufbuild/protobuf';
import { type DatedHours, DatedHoursSchema } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { findInvalidDate } from '../domain/dates.ts';
import { errors } from '../errors.ts';
import type { KeptDate } from '../hours/kept-hours.ts';
import { requireSpans, toSpanMessage } from './weekly.ts';

/** The dates of a request's field; throws DATES_INVALID or WINDOWS_INVALID. */
export function requireDates(messages: readonly DatedHours[], field: string): KeptDate[] {
  const invalid = findInvalidDate(messages.map(({ date }) => date));
  if (invalid >= 0) throw errors.datesInvalid(`${field}[${invalid}].date`);
  return messages.map(({ date, spans, note }, index) => ({
    date,
    spans: requireSpans(spans, `${field}[${index}].spans`),
    note,
  }));
}

/** Dates as messages, in order. `showsNotes`: what the salon noted is its own business. */
export function toDateMessages(dates: readonly KeptDate[], { showsNotes }: { showsNotes: boolean }): DatedHours[] {
  const sorted = [...dates].sort((a, b) => (a.date < b.date ? -1 : 1));
  return sorted.map(({ date, spans, note }) =>
    create(DatedHoursSchema, { date, spans: spans.map(toSpanMessage), note: showsNotes ? note : '' }),
  );
}
