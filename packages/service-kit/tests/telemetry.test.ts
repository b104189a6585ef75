import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { contextFrom, createLogger, currentTraceHeaders, startTelemetry } from '@mawid/service-kit';
import { context, trace } from '@opentelemetry/api';

describe('startTelemetry', () => {
  it('sends what is buffered to the OTLP endpoint before it ends', async () => {
    const received: string[] = [];
    const server = createServer((request, response) => {
      received.push(`${request.method} ${request.url} ${request.headers['content-type']}`);
      request.resume().on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const otlpEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const telemetry = startTelemetry({ service: 'booking', otlpEndpoint });
    telemetry.tracer.startSpan('work').end();
    await telemetry.shutdown();
    server.closeAllConnections();
    server.close();
    expect(received).toEqual(['POST /v1/traces application/x-protobuf']);
  });

  it('ends although nobody listens at the endpoint', async () => {
    const telemetry = startTelemetry({ service: 'booking', otlpEndpoint: 'http://127.0.0.1:9' });
    telemetry.tracer.startSpan('work').end();
    const startedAt = performance.now();
    await telemetry.shutdown();
    expect(performance.now() - startedAt).toBeLessThan(2_500);
  });

  it('records the given share of traces, and keeps the decision of a parent', () => {
    const telemetry = startTelemetry({ service: 'booking', sampleRatio: 0 });
    const parent = contextFrom({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
    expect(telemetry.tracer.startSpan('root').isRecording()).toBe(false);
    expect(telemetry.tracer.startSpan('child', {}, parent).isRecording()).toBe(true);
  });

  it('gives log lines and headers the active span', () => {
    const lines: string[] = [];
    const logger = createLogger({
      name: 'booking',
      level: 'info',
      destination: { write: (line) => void lines.push(line) },
    });
    const span = startTelemetry({ service: 'booking' }).tracer.startSpan('work');
    const { traceId, spanId } = span.spanContext();
    context.with(trace.setSpan(context.active(), span), () => {
      logger.info('hello');
      expect(currentTraceHeaders().traceparent).toBe(`00-${traceId}-${spanId}-01`);
    });
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ trace_id: traceId, span_id: spanId });
  });
});
