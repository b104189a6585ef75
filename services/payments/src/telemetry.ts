import type { Telemetry } from '@mawid/service-kit';
import { Counter, Histogram } from 'prom-client';

/** The metrics of payments' own choke points. */
export interface Metrics {
  transitions: Counter<'state'>;
  attention: Counter<'reason'>;
  refunds: Counter<'outcome'>;
  webhooks: Counter<'outcome'>;
  providerCalls: Histogram<
    'http_request_method' | 'url_template' | 'http_response_status_code' | 'error_type' | 'server_address'
  >;
  circuit: Counter<'state'>;
}

export function createMetrics({ metrics }: Telemetry): Metrics {
  const registers = [metrics];
  return {
    transitions: new Counter({
      registers,
      name: 'mawid_payment_transitions_total',
      help: 'Payments by the state they came into',
      labelNames: ['state'],
    }),
    attention: new Counter({
      registers,
      name: 'mawid_payment_attention_total',
      help: 'Payments that an operator must look at, by the reason',
      labelNames: ['reason'],
    }),
    refunds: new Counter({
      registers,
      name: 'mawid_payment_refunds_total',
      help: 'Refunds by what happened: requested, succeeded, recognised, failed, retried, mismatch, clamped',
      labelNames: ['outcome'],
    }),
    webhooks: new Counter({
      registers,
      name: 'mawid_payment_webhooks_total',
      help: 'Webhooks by what became of them: kept, duplicate, wrong_secret, malformed, or their outcome',
      labelNames: ['outcome'],
    }),
    providerCalls: new Histogram({
      registers,
      name: 'http_client_request_duration_seconds',
      help: 'Duration of calls to the payment provider',
      labelNames: ['http_request_method', 'url_template', 'http_response_status_code', 'error_type', 'server_address'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
      enableExemplars: true,
    }),
    circuit: new Counter({
      registers,
      name: 'mawid_payment_provider_circuit_total',
      help: 'Changes of the circuit breaker before the payment provider, by the new state',
      labelNames: ['state'],
    }),
  };
}
