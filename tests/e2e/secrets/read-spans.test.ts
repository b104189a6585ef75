import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTelemetry } from '@mawid/service-kit';
import { findSecrets } from './find-secrets.ts';
import { readSpans } from './read-spans.ts';
import { createSeenSecrets } from './seen-secrets.ts';
import { type SpanCollector, startSpanCollector } from './span-collector.ts';

let collector: SpanCollector;

beforeAll(async () => {
  collector = await startSpanCollector();
  const telemetry = startTelemetry({ service: 'identity', otlpEndpoint: collector.url });
  const span = telemetry.tracer.startSpan('POST /api/auth', { attributes: { to: '+966512345678', list: ['048213'] } });
  span.addEvent('retry', { number: 48_214_000, nested: 'x 771204 y' });
  span.setStatus({ code: 2, message: 'no user 0512345678' });
  span.end();
  telemetry.tracer.startSpan('quiet', { attributes: { count: 993_107 } }).end();
  await telemetry.shutdown();
});

afterAll(() => collector?.close());

describe('the spans that a service exports', () => {
  it('O10: are scanned with their attributes, events, statuses and numbers', () => {
    const seen = createSeenSecrets();
    seen.note({ phone_number: '+966512345678' });
    for (const code of ['048213', '771204', '993107']) seen.codes.add(code);
    const findings = findSecrets(seen, readSpans(collector.requests)).sort();
    expect(findings).toEqual([
      'the span "POST /api/auth": one-time code 04•••',
      'the span "POST /api/auth": one-time code 77•••',
      'the span "POST /api/auth": phone number +9•••',
      'the span "POST /api/auth": phone number 05•••',
      'the span "quiet": one-time code 99•••',
    ]);
  });
});
