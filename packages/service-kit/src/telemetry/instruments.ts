import { isSpanContextValid, type Span, TraceFlags } from '@opentelemetry/api';
import { Counter, Gauge, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';
import { metric } from './names.ts';

export type MetricsRegistry = Registry<OpenMetricsContentType>;

/** The metrics that the kit's own choke points write. */
export interface Instruments {
  rpcServer: Histogram<'rpc_method' | 'rpc_response_status_code'>;
  rpcClient: Histogram<'rpc_method' | 'rpc_response_status_code'>;
  database: Histogram<'db_query_summary' | 'error_type'>;
  process: Histogram<'messaging_destination_name' | 'outcome'>;
  publish: Histogram<'messaging_destination_name' | 'error_type'>;
  sent: Counter<'messaging_destination_name'>;
  consumed: Counter<'messaging_destination_name' | 'outcome'>;
  deadLetters: Counter<'messaging_destination_name'>;
  jobRuns: Counter<'job' | 'outcome'>;
  certificateExpiry: Gauge;
  certificateReloads: Counter<'outcome'>;
  handshakesRefused: Counter<'reason'>;
  deadLettersWaiting: Gauge;
  outboxPending: Gauge;
  outboxOldest: Gauge;
  shedCalls: Counter<'reason'>;
  admittedShare: Gauge;
  undeclaredReasons: Counter<'rpc_method' | 'reason'>;
  sessionsHeard: Gauge;
  sessionChecks: Counter<'outcome'>;
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Creates the kit's metrics in `registry`. */
export function createInstruments(registry: MetricsRegistry): Instruments {
  const shared = { registers: [registry], enableExemplars: true, buckets };
  const registers = [registry];
  return {
    rpcServer: new Histogram({
      ...shared,
      name: metric.rpcServerDuration,
      help: 'Duration of calls answered',
      labelNames: ['rpc_method', 'rpc_response_status_code'],
    }),
    rpcClient: new Histogram({
      ...shared,
      name: metric.rpcClientDuration,
      help: 'Duration of calls made',
      labelNames: ['rpc_method', 'rpc_response_status_code'],
    }),
    database: new Histogram({
      ...shared,
      name: metric.dbDuration,
      help: 'Duration of database statements by their name',
      labelNames: ['db_query_summary', 'error_type'],
    }),
    process: new Histogram({
      ...shared,
      name: metric.messagingProcessDuration,
      help: 'Duration of handling one event',
      labelNames: ['messaging_destination_name', 'outcome'],
    }),
    publish: new Histogram({
      ...shared,
      name: metric.messagingPublishDuration,
      help: 'Duration of publishing one event until its acknowledgement',
      labelNames: ['messaging_destination_name', 'error_type'],
    }),
    sent: new Counter({
      registers,
      name: metric.messagingSent,
      help: 'Events published and acknowledged',
      labelNames: ['messaging_destination_name'],
    }),
    consumed: new Counter({
      registers,
      name: metric.messagingConsumed,
      help: 'Deliveries by their outcome: done, duplicate, retry, dead, error',
      labelNames: ['messaging_destination_name', 'outcome'],
    }),
    deadLetters: new Counter({
      registers,
      name: metric.deadLetters,
      help: 'Events parked in dead_letters',
      labelNames: ['messaging_destination_name'],
    }),
    jobRuns: new Counter({
      registers,
      name: metric.jobRuns,
      help: 'Runs of jobs by their outcome: done, failed',
      labelNames: ['job', 'outcome'],
    }),
    certificateExpiry: new Gauge({
      registers,
      name: metric.certificateExpiry,
      help: 'When the certificate in use expires, Unix time; 0 without one',
    }),
    certificateReloads: new Counter({
      registers,
      name: metric.certificateReloads,
      help: 'New certificate files by their outcome: loaded, refused',
      labelNames: ['outcome'],
    }),
    handshakesRefused: new Counter({
      registers,
      name: metric.handshakesRefused,
      help: 'TLS connections refused, by the code of the reason',
      labelNames: ['reason'],
    }),
    deadLettersWaiting: new Gauge({
      registers,
      name: metric.deadLettersWaiting,
      help: 'Dead letters not yet replayed',
    }),
    outboxPending: new Gauge({ registers, name: metric.outboxPending, help: 'Outbox rows not yet published' }),
    outboxOldest: new Gauge({ registers, name: metric.outboxOldest, help: 'Age of the oldest unpublished outbox row' }),
    shedCalls: new Counter({
      registers,
      name: metric.shedCalls,
      help: 'Calls refused unseen by their reason: delay, calls, late',
      labelNames: ['reason'],
    }),
    admittedShare: new Gauge({ registers, name: metric.admittedShare, help: 'Share of calls that is let in, 0 to 1' }),
    undeclaredReasons: new Counter({
      registers,
      name: metric.undeclaredReasons,
      help: 'Refusals for a reason that the proto of the method does not name',
      labelNames: ['rpc_method', 'reason'],
    }),
    sessionsHeard: new Gauge({
      registers,
      name: metric.sessionsHeard,
      help: 'Whether the process hears of ended sessions: 1, or 0 when it has to ask identity',
    }),
    sessionChecks: new Counter({
      registers,
      name: metric.sessionChecks,
      help: 'Sessions that identity was asked about, by what came of it: live, ended, unknown (the token was believed)',
      labelNames: ['outcome'],
    }),
  };
}

/** Records a duration (in seconds) with the span as its exemplar where the span is sampled. */
export function observe<L extends string>(
  histogram: Histogram<L>,
  labels: Partial<Record<L, string | number>>,
  measure: { seconds: number; span?: Span | undefined },
): void {
  const context = measure.span?.spanContext();
  const isSampled = context && isSpanContextValid(context) && (context.traceFlags & TraceFlags.SAMPLED) !== 0;
  const exemplarLabels = isSampled ? { trace_id: context.traceId, span_id: context.spanId } : {};
  histogram.observe({ labels, value: measure.seconds, exemplarLabels } as never);
}

/** Seconds since `startedAt`, a value of `performance.now()`. */
export function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}
