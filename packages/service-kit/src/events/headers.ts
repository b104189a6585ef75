import { headers, type MsgHdrs } from '@nats-io/transport-node';

/** Names of the headers of an event. Header names are case-sensitive in NATS. */
export const eventHeader = {
  id: 'event-id',
  type: 'event-type',
  time: 'event-time',
  aggregateId: 'aggregate-id',
  aggregateVersion: 'aggregate-version',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
} as const;

/** What an event's headers say. */
export interface EventEnvelope {
  id: string;
  subject: string;
  time: Date;
  aggregateId: string;
  aggregateVersion: number;
  traceparent?: string | undefined;
  tracestate?: string | undefined;
}

export function toHeaders(envelope: EventEnvelope, typeName: string): MsgHdrs {
  const result = headers();
  result.set(eventHeader.id, envelope.id);
  result.set(eventHeader.type, typeName);
  result.set(eventHeader.time, envelope.time.toISOString());
  result.set(eventHeader.aggregateId, envelope.aggregateId);
  result.set(eventHeader.aggregateVersion, String(envelope.aggregateVersion));
  if (envelope.traceparent) result.set(eventHeader.traceparent, envelope.traceparent);
  if (envelope.tracestate) result.set(eventHeader.tracestate, envelope.tracestate);
  return result;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The envelope of a message, or undefined when it carries no valid event id. */
export function parseHeaders(subject: string, found: MsgHdrs | undefined): EventEnvelope | undefined {
  const get = (name: string) => found?.get(name) || undefined;
  const id = get(eventHeader.id);
  if (!id || !uuid.test(id)) return undefined;
  const time = new Date(get(eventHeader.time) ?? Number.NaN);
  return {
    id,
    subject,
    time: Number.isNaN(time.getTime()) ? new Date() : time,
    aggregateId: get(eventHeader.aggregateId) ?? '',
    aggregateVersion: Number(get(eventHeader.aggregateVersion) ?? 0) || 0,
    traceparent: get(eventHeader.traceparent),
    tracestate: get(eventHeader.tracestate),
  };
}
