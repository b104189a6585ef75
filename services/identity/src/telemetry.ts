import type { Telemetry } from '@mawid/service-kit';
import { Counter } from 'prom-client';

/** The metrics of sign-in. */
export interface Metrics {
  codes: Counter<'purpose' | 'outcome'>;
  checks: Counter<'purpose' | 'outcome'>;
  refreshes: Counter<'outcome'>;
}

export function createMetrics({ metrics }: Telemetry): Metrics {
  const registers = [metrics];
  return {
    codes: new Counter({
      registers,
      name: 'mawid_identity_codes_total',
      help: 'Codes asked for by what happened: sent, cooldown, budget_spent, country_not_served',
      labelNames: ['purpose', 'outcome'],
    }),
    checks: new Counter({
      registers,
      name: 'mawid_identity_code_checks_total',
      help: 'Codes presented by what happened: accepted, wrong, refused (dead, unknown, or out of guesses)',
      labelNames: ['purpose', 'outcome'],
    }),
    refreshes: new Counter({
      registers,
      name: 'mawid_identity_refreshes_total',
      help: 'Refresh tokens presented by what happened: rotated, repeated, invalid, reuse',
      labelNames: ['outcome'],
    }),
  };
}
