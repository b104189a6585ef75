import type { Telemetry } from '@mawid/service-kit';
import { Counter } from 'prom-client';

/** The metrics of booking's own choke points. */
export interface Metrics {
  transitions: Counter<'state'>;
  conflicts: Counter;
  payments: Counter<'outcome'>;
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
  };
}
