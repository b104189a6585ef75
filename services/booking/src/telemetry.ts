import type { Telemetry } from '@mawid/service-kit';
import { Counter, Gauge } from 'prom-client';

/** The metrics of booking's own choke points. */
export interface Metrics {
  transitions: Counter<'state'>;
  conflicts: Counter;
  payments: Counter<'outcome'>;
  holdExtensions: Counter<'outcome'>;
  calendarReads: Counter<'outcome'>;
  calendarStreams: Gauge;
  calendarResyncs: Counter<'cause'>;
  calendarTail: Gauge;
}

export function createMetrics({ metrics }: Telemetry): Metrics {
  const registers = [metrics];
  return {
    transitions: new Counter({
      registers,
      name: 'mawid_booking_transitions_total',
      help: 'Bookings by the state they came into',
      labelNames: ['state'],
    }),
    conflicts: new Counter({
      registers,
      name: 'mawid_booking_conflicts_total',
      help: 'Times that were free when read and taken when claimed',
    }),
    payments: new Counter({
      registers,
      name: 'mawid_booking_payments_total',
      help: 'Captured payments by what became of them: confirmed, known, unusable',
      labelNames: ['outcome'],
    }),
    holdExtensions: new Counter({
      registers,
      name: 'mawid_booking_hold_extensions_total',
      help: 'Holds that got another end because of a payment: extended, ended',
      labelNames: ['outcome'],
    }),
    calendarReads: new Counter({
      registers,
      name: 'mawid_booking_calendar_reads_total',
      help: 'Calendars by where their catalogue half was found: hit, miss, stale (kept but overtaken, so read again)',
      labelNames: ['outcome'],
    }),
    calendarStreams: new Gauge({
      registers,
      name: 'mawid_booking_calendar_streams',
      help: 'Streams of calendars that are open',
    }),
    calendarResyncs: new Counter({
      registers,
      name: 'mawid_booking_calendar_resyncs_total',
      help: 'Times that a watcher was told to read the calendar anew: begun, lost (cannot go on where it was), overtaken',
      labelNames: ['cause'],
    }),
    calendarTail: new Gauge({
      registers,
      name: 'mawid_booking_calendar_tail_up',
      help: 'Whether the process reads the events of calendars from the stream',
    }),
  };
}
