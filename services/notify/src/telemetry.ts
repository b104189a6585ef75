import type { Telemetry } from '@mawid/service-kit';
import { Counter, Histogram } from 'prom-client';

/** The metrics of notify's own choke points. */
export interface Metrics {
  messages: Counter<'kind' | 'channel' | 'outcome'>;
  delay: Histogram<'kind'>;
  parts: Counter<'kind' | 'language'>;
  providerCalls: Histogram<
    'http_request_method' | 'url_template' | 'http_response_status_code' | 'error_type' | 'server_address'
  >;
  circuit: Counter<'provider' | 'state'>;
}

export function createMetrics({ metrics }: Telemetry): Metrics {
  const registers = [metrics];
  return {
    messages: new Counter({
      registers,
      name: 'mawid_notify_messages_total',
      help: 'Decisions about messages: sent, recognised, retried, put_off, dropped, failed, unknown',
      labelNames: ['kind', 'channel', 'outcome'],
    }),
    delay: new Histogram({
      registers,
      name: 'mawid_notify_delay_seconds',
      help: 'From the writing of a message to its acceptance by a provider',
      labelNames: ['kind'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      enableExemplars: true,
    }),
    parts: new Counter({
      registers,
      name: 'mawid_notify_sms_parts_total',
      help: 'Billed parts of the texts that a provider took',
      labelNames: ['kind', 'language'],
    }),
    providerCalls: new Histogram({
      registers,
      name: 'http_client_request_duration_seconds',
      help: 'Duration of calls to the message providers',
      labelNames: ['http_request_method', 'url_template', 'http_response_status_code', 'error_type', 'server_address'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
      enableExemplars: true,
    }),
    circuit: new Counter({
      registers,
      name: 'mawid_notify_provider_circuit_total',
      help: 'Changes of the circuit breaker before a provider, by the new state',
      labelNames: ['provider', 'state'],
    }),
  };
}
