import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Pool } from 'pg';
import { Gauge } from 'prom-client';
import { observe, secondsSince } from '../telemetry/instruments.ts';
import { attribute, metric } from '../telemetry/names.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';

/** Measures statements: a histogram by name, and a span where there is a parent to hang it on. */
export interface Meter {
  measure<T>(name: string, run: () => Promise<T>): Promise<T>;
}

export function createMeter(telemetry: Telemetry, database: { pool: Pool; namespace: string }): Meter {
  watchPool(telemetry, database.pool);
  const attributes = { [attribute.dbSystem]: 'postgresql', [attribute.dbNamespace]: database.namespace };
  return {
    async measure(name, run) {
      // Polls and background work have no parent: a root span per poll would bury the traces that matter.
      const span = trace.getActiveSpan()
        ? telemetry.tracer.startSpan(name, {
            kind: SpanKind.CLIENT,
            attributes: { ...attributes, [attribute.dbSummary]: name },
          })
        : undefined;
      const startedAt = performance.now();
      let errorType = '';
      try {
        return await (span ? context.with(trace.setSpan(context.active(), span), run) : run());
      } catch (error) {
        errorType = (error as { code?: string }).code ?? 'error';
        span?.setAttributes({ [attribute.dbStatus]: errorType, [attribute.errorType]: errorType });
        span?.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span?.end();
        const labels = { db_query_summary: name, error_type: errorType };
        observe(telemetry.instruments.database, labels, { seconds: secondsSince(startedAt), span });
      }
    },
  };
}

function watchPool(telemetry: Telemetry, pool: Pool): void {
  const registers = [telemetry.metrics];
  if (telemetry.metrics.getSingleMetric(metric.dbConnections)) return;
  new Gauge({
    registers,
    name: metric.dbConnections,
    help: 'Connections of the pool by state',
    labelNames: ['db_client_connection_state'],
    collect() {
      this.set({ db_client_connection_state: 'idle' }, pool.idleCount);
      this.set({ db_client_connection_state: 'used' }, pool.totalCount - pool.idleCount);
    },
  });
  new Gauge({
    registers,
    name: metric.dbPendingRequests,
    help: 'Callers waiting for a connection',
    collect() {
      this.set(pool.waitingCount);
    },
  });
}
