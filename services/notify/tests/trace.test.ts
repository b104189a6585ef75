import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger, startTelemetry, type Telemetry } from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { bookingConfirmed, createBooking, createPerson, otpRequested, userVerified } from './support/facts.ts';
import { BookingState } from './support/fake-booking.ts';
import { type NotifyFixture, startNotify } from './support/notify.ts';

describe('what can be seen of a message', () => {
  const exporter = new InMemorySpanExporter();
  const lines: string[] = [];
  let telemetry: Telemetry;
  let notify: NotifyFixture;

  beforeAll(async () => {
    telemetry = startTelemetry({ service: 'notify', spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const destination = { write: (line: string) => void lines.push(line) };
    const logger = createLogger({ name: 'notify', level: 'trace', destination });
    const env = { MESSAGES_SEND_TRACEPARENT: 'true' };
    notify = await startNotify({ env, overrides: { telemetry, logger } });
  });
  afterAll(() => notify.close());

  it('is one trace from the request that made the fact to the provider’s answer', async () => {
    const person = createPerson();
    const booking = createBooking(person);
    notify.booking.set(booking.id, { state: BookingState.CONFIRMED, version: 1 });
    await notify.publish(userVerified(person));
    const request = telemetry.tracer.startSpan('POST /api/bookings');
    const { traceId } = request.spanContext();
    await context.with(trace.setSpan(context.active(), request), () => notify.publish(bookingConfirmed(booking, 1)));
    request.end();
    await notify.waitForState(person.userId, 'sent');
    const spans = await waitFor('the spans', () => {
      const found = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
      return found.some(({ name }) => name === 'send booking_confirmed') && found;
    });
    const send = requireSpan(spans, 'send booking_confirmed');
    const consume = requireSpan(spans, 'process booking.booking.v1.confirmed');
    const call = requireSpan(spans, 'POST /SMS/messages');
    expect(send.parentSpanContext?.spanId).toBe(consume.spanContext().spanId);
    expect(send.links.map((link) => link.context.spanId)).toEqual([consume.spanContext().spanId]);
    expect(call.kind).toBe(SpanKind.CLIENT);
    expect(call.parentSpanContext?.spanId).toBe(send.spanContext().spanId);
    expect(call.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
    });
    const [entry] = await notify.phones.log(person.phone);
    expect(entry?.traceparent).toBe(`00-${traceId}-${call.spanContext().spanId}-01`);
  });

  it('holds no phone, code or text', async () => {
    const person = createPerson();
    const { envelopeKey } = notify.running.ctx.config;
    const booking = createBooking(person);
    notify.booking.set(booking.id, { state: BookingState.CONFIRMED, version: 1 });
    await notify.phones.addFault({ mode: 'error500', times: 3 });
    await notify.publish(
      userVerified(person),
      bookingConfirmed(booking, 1),
      await otpRequested(person, envelopeKey, { code: '864213' }),
    );
    await notify.waitForState(person.userId, 'sent');
    await notify.waitForState(person.phone, 'sent', 'sent');
    const spans = exporter.getFinishedSpans().map(({ name, attributes, events }) => ({ name, attributes, events }));
    expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
    const metrics = await telemetry.metrics.metrics();
    expect(metrics).toMatch(/mawid_notify_messages_total\{kind="otp",channel="sms",outcome="sent"\} 1/);
    expect(metrics).toMatch(/mawid_notify_sms_parts_total\{kind="booking_confirmed",language="ar"\} \d/);
    expect(metrics).toMatch(/mawid_notify_delay_seconds_count\{kind="otp"\} 1/);
    const seen = lines.join('') + JSON.stringify(spans) + metrics;
    expect(lines.length).toBeGreaterThan(3);
    for (const secret of [person.phone.slice(1), '864213', 'الأناقة', 'Elegance']) expect(seen).not.toContain(secret);
  });
});

function requireSpan(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const span = spans.find((each) => each.name === name);
  if (!span) throw new Error(`no span ${name} among ${spans.map((each) => each.name)}`);
  return span;
}
