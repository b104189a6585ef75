import type { DescService } from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import { createAccessLog } from './access-log.ts';
import { type GatewayConfig, loadConfig } from './config.ts';
import { type Context, closeContext, createContext, createRoutes } from './context.ts';
import { createGateway } from './gateway.ts';
import { createCors } from './http/cors.ts';
import { type HttpServer, startHttpServer } from './http/http-server.ts';
import { type RunningLimits, startLimits } from './limits/start-limits.ts';
import { steadyNow } from './limits/steady-now.ts';
import { createReference } from './reference/reference.ts';
import { createStreams } from './rest/stream/streams.ts';
import { createJwksSource } from './system/jwks.ts';
import { startMetricsServer } from './system/metrics-server.ts';
import { createReadiness } from './system/readiness.ts';
import { createSystemRoutes } from './system/system-routes.ts';
import { createLimitMetrics, createObserver } from './telemetry.ts';

export { type GatewayConfig, loadConfig } from './config.ts';
export type { Context } from './context.ts';

export interface RunningGateway {
  readonly port: number;
  readonly metricsPort: number;
  readonly ctx: Context;
  /** Not ready, then no new connections, then what is in flight, then everything else; once. */
  close(): Promise<void>;
}

/** Starts the gateway. Rejects with RouteError, or with PortInUseError of @mawid/rpc where a port is taken. */
export async function startGateway(config: GatewayConfig, overrides: Partial<Context> = {}): Promise<RunningGateway> {
  const ctx = createContext(config, overrides);
  const opened: HttpServer[] = [];
  let limits: RunningLimits | undefined;
  try {
    limits = await openLimits(ctx);
    return await open(ctx, opened, limits);
  } catch (error) {
    await Promise.all(opened.map((server) => server.drain(0)));
    await limits?.close();
    await closeContext(ctx);
    throw error;
  }
}

function openLimits({ config, logger, telemetry }: Context): Promise<RunningLimits> | undefined {
  if (config.rateLimits === undefined) return undefined;
  return startLimits({
    rates: config.rateLimits,
    secret: config.rateLimitKey,
    natsUrl: config.natsUrl,
    streamReplicas: config.streamReplicas,
    trustedProxies: config.trustedProxies,
    metrics: createLimitMetrics(telemetry.metrics),
    log: logger,
    now: steadyNow,
  });
}

async function open(ctx: Context, opened: HttpServer[], limits: RunningLimits | undefined): Promise<RunningGateway> {
  const { config, clock, logger, telemetry } = ctx;
  const now = (): number => clock.now().getTime();
  const readiness = createReadiness({ transports: ctx.transports, now });
  const accessLog = createAccessLog({
    mode: config.accessLog,
    info: (line, message) => logger.info(line, message),
    now,
  });
  const observer = createObserver({
    tracer: telemetry.tracer,
    metrics: telemetry.metrics,
    log: logger,
    accessLog,
  });
  const streams = createStreams(config.streams, observer, now);
  let draining = false;
  const listener = createGateway({
    routes: createRoutes(ctx),
    systemRoutes: createSystemRoutes({
      readiness,
      jwks: createJwksSource({ url: config.jwksUrl, now }),
      reference: createReference({ ...ctx.routeSources, publicUrl: config.publicUrl }),
    }),
    cors: createCors(config.corsOrigins),
    observer,
    overload: ctx.overload,
    streams,
    fault: observer.fault,
    transportOf: (service) => transportOf(ctx, service),
    verifier: ctx.verifier,
    trustedProxies: config.trustedProxies,
    limits,
    maxBodyBytes: config.maxBodyBytes,
    requestTimeoutMs: config.requestTimeoutMs,
    isDraining: () => draining,
  });
  const metrics = await startMetricsServer(telemetry.metrics, { host: config.host, port: config.metricsPort });
  opened.push(metrics);
  const server = await startHttpServer(listener, {
    host: config.host,
    port: config.port,
    onUnreadable: ({ status, requestId }) =>
      accessLog({ requestId, refusedFor: 'MALFORMED_REQUEST' }, status, undefined),
  });
  const shutDown = async (): Promise<void> => {
    readiness.shutdown();
    draining = true;
    await new Promise((resolve) => setTimeout(resolve, config.shutdownDelayMs));
    streams.drain();
    // A fifth of the time is kept for what comes after the last answer.
    await server.drain(Math.max(0, config.drainGraceMs * 0.8 - config.shutdownDelayMs));
    await metrics.drain(0);
    await limits?.close();
    await closeContext(ctx);
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= shutDown();
    return closing;
  };
  return { port: server.port, metricsPort: metrics.port, ctx, close };
}

/** `mawid.booking.v1.BookingService` is booking's. */
function transportOf(ctx: Context, service: DescService): Transport {
  const name = service.file.proto.package.split('.')[1] ?? '';
  const transport = ctx.transports[name];
  if (transport === undefined) throw new Error(`no service is set to answer ${service.typeName}`);
  return transport;
}

/** What main.ts runs. */
export const gateway = { name: 'gateway', loadConfig, start: startGateway } as const;
