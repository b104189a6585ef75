import { describe, expect, it } from '@jest/globals';
import type { Registry } from 'prom-client';
import { createLimitMetrics, createObserver } from '../gateway/src/telemetry.ts';
import { createMeter } from '../packages/service-kit/src/database/meter.ts';
import { createInstruments } from '../packages/service-kit/src/telemetry/instruments.ts';
import { createMetrics as createBookingMetrics } from '../services/booking/src/telemetry.ts';
import { createMetrics as createIdentityMetrics } from '../services/identity/src/telemetry.ts';
import { createMetrics as createNotifyMetrics } from '../services/notify/src/telemetry.ts';
import { createMetrics as createPaymentsMetrics } from '../services/payments/src/telemetry.ts';
import { listDocumented, listMetricFiles, listRegistered, listSpanFiles } from './telemetry-doc.ts';

describe('docs/telemetry.md', () => {
  it.each([
    ['Every service', registerKit],
    ['gateway', registerGateway],
    ['identity', (registry) => createIdentityMetrics({ metrics: registry } as never)],
    ['booking', (registry) => createBookingMetrics({ metrics: registry } as never)],
    ['payments', (registry) => createPaymentsMetrics({ metrics: registry } as never)],
    ['notify', (registry) => createNotifyMetrics({ metrics: registry } as never)],
  ] satisfies [string, (registry: Registry) => unknown][])('tells the metrics of %s', (chapter, register) => {
    expect(listDocumented(chapter)).toEqual(listRegistered(register));
  });

  it('knows every place that registers metrics', () => {
    expect(listMetricFiles()).toEqual([
      'gateway/src/telemetry.ts',
      'packages/service-kit/src/database/meter.ts',
      'packages/service-kit/src/telemetry/instruments.ts',
      'services/booking/src/telemetry.ts',
      'services/identity/src/telemetry.ts',
      'services/notify/src/telemetry.ts',
      'services/payments/src/telemetry.ts',
    ]);
  });

  it('tells where spans are made', () => {
    const { documented, found } = listSpanFiles();
    expect(documented).toEqual(found);
  });
});

function registerGateway(registry: Registry): void {
  createObserver({ metrics: registry } as never);
  createLimitMetrics(registry as never);
}

function registerKit(registry: Registry): void {
  createInstruments(registry as never);
  createMeter({ metrics: registry } as never, { pool: {} as never, namespace: '' });
}
