import { eventTypeBySubject } from '@mawid/contracts';
import type { JetStreamClient } from '@nats-io/jetstream';
import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { observe, secondsSince } from '../telemetry/instruments.ts';
import { attribute } from '../telemetry/names.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';
import { linksTo, type TraceHeaders } from '../telemetry/trace-context.ts';
import type { PendingEvent } from './claim.ts';
import { toHeaders } from './headers.ts';

export interface PublishResult {
  /** Acknowledged by the server. */
  published: string[];
  /** The first event of each aggregate that failed; those after it in the same aggregate were not tried. */
  failed: { id: string; error: unknown }[];
}

export interface Publisher {
  js: JetStreamClient;
  telemetry: Telemetry;
  timeoutMs: number;
}

/** Publishes a batch: each aggregate's events one after the other, different aggregates side by side. */
export async function publishBatch(publisher: Publisher, rows: readonly PendingEvent[]): Promise<PublishResult> {
  const span = startPublishSpan(publisher.telemetry, rows);
  const result: PublishResult = { published: [], failed: [] };
  const aggregates = Map.groupBy(rows, (row) => row.aggregate_id);
  await Promise.all([...aggregates.values()].map((each) => publishInOrder(publisher, each, { result, span })));
  if (result.failed.length > 0) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  return result;
}

async function publishInOrder(
  publisher: Publisher,
  rows: readonly PendingEvent[],
  { result, span }: { result: PublishResult; span: Span },
): Promise<void> {
  for (const row of rows) {
    const error = await publishOne(publisher, row, span);
    if (error !== undefined) return void result.failed.push({ id: row.id, error });
    result.published.push(row.id);
  }
}

async function publishOne({ js, telemetry, timeoutMs }: Publisher, row: PendingEvent, span: Span): Promise<unknown> {
  const startedAt = performance.now();
  let failure: unknown;
  try {
    await js.publish(row.subject, row.payload, { msgID: row.id, headers: headersOf(row), timeout: timeoutMs });
    telemetry.instruments.sent.inc({ messaging_destination_name: row.subject });
  } catch (error) {
    failure = error ?? new Error('publish failed');
  }
  const labels = { messaging_destination_name: row.subject, error_type: failure ? 'error' : '' };
  observe(telemetry.instruments.publish, labels, { seconds: secondsSince(startedAt), span });
  return failure;
}

function headersOf(row: PendingEvent) {
  const envelope = {
    id: row.id,
    subject: row.subject,
    time: row.created_at,
    aggregateId: row.aggregate_id,
    aggregateVersion: Number(row.aggregate_version),
    ...traceOf(row),
  };
  return toHeaders(envelope, eventTypeBySubject(row.subject)?.schema.typeName ?? row.subject);
}

function traceOf(row: PendingEvent): TraceHeaders {
  return { traceparent: row.traceparent ?? undefined, tracestate: row.tracestate ?? undefined };
}

function startPublishSpan(telemetry: Telemetry, rows: readonly PendingEvent[]): Span {
  const [first] = rows;
  return telemetry.tracer.startSpan(`publish ${first?.subject ?? ''}`, {
    root: true,
    kind: SpanKind.CLIENT,
    links: linksTo(rows.map(traceOf)),
    attributes: {
      [attribute.messagingSystem]: 'nats',
      [attribute.messagingOperation]: 'publish',
      [attribute.messagingOperationType]: 'send',
      [attribute.messagingDestination]: first?.subject ?? '',
      [attribute.messagingBatchCount]: rows.length,
    },
  });
}
