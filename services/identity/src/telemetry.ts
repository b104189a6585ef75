import type { Telemetry } from '@mawid/service-kit';
import { Counter, Gauge } from 'prom-client';

/** The metrics of sign-in. */
export interface Metrics {
  codes: Counter<'purpose' | 'outcome'>;
  fullBudgets: Counter<'axis'>;
  moneyUsed: Gauge<'channel'>;
  checks: Counter<'purpose' | 'outcome'>;
  sprayed: Gauge;
  refreshes: Counter<'outcome'>;
  idTokens: Counter<'provider' | 'outcome'>;
  appleCalls: Counter<'call' | 'outcome'>;
}

export function createMetrics({ metrics }: Telemetry): Metrics {
  const registers = [metrics];
  return {
    codes: new Counter({
      registers,
      name: 'mawid_identity_codes_total',
      help: 'Codes asked for by what happened: sent, cooldown, budget_spent, challenged, paused, email_taken, country_not_served, test_number',
      labelNames: ['purpose', 'outcome'],
    }),
    fullBudgets: new Counter({
      registers,
      name: 'mawid_identity_full_budgets_total',
      help: 'Codes refused by a budget other than the phone’s, by its axis',
      labelNames: ['axis'],
    }),
    moneyUsed: new Gauge({
      registers,
      name: 'mawid_identity_code_money_ratio',
      help: 'Share of the money for a day that went into codes, as of the last one sent from here',
      labelNames: ['channel'],
    }),
    checks: new Counter({
      registers,
      name: 'mawid_identity_code_checks_total',
      help: 'Codes presented by what happened: accepted, wrong, refused (dead, unknown, or out of guesses)',
      labelNames: ['purpose', 'outcome'],
    }),
    sprayed: new Gauge({
      registers,
      name: 'mawid_identity_codes_sprayed',
      help: '1 while codes are being guessed all over the system, else 0',
    }),
    refreshes: new Counter({
      registers,
      name: 'mawid_identity_refreshes_total',
      help: 'Refresh tokens presented by what happened: rotated, repeated, invalid, reuse, idle',
      labelNames: ['outcome'],
    }),
    idTokens: new Counter({
      registers,
      name: 'mawid_identity_id_tokens_total',
      help: 'ID tokens presented by what happened: accepted, invalid, unavailable (the keys of the provider are away)',
      labelNames: ['provider', 'outcome'],
    }),
    appleCalls: new Counter({
      registers,
      name: 'mawid_identity_apple_calls_total',
      help: 'Calls to Apple (exchange, revoke) by what came of them: done, failed, retried, dead',
      labelNames: ['call', 'outcome'],
    }),
  };
}
