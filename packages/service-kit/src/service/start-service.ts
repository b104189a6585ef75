import { Code, ConnectError } from '@connectrpc/connect';
import {
  collectRoutes,
  createConnectHandler,
  createHealth,
  type GrpcServer,
  type HealthService,
  type OverloadGate,
  type Routes,
  servicesOf,
  startGrpcServer,
} from '@mawid/rpc';
import type { Closable } from '../closable.ts';
import type { CoreConfig } from '../config/core-config.ts';
import { applyMigrations } from '../database/apply-migrations.ts';
import { describeUnreachable } from '../errors/describe-unreachable.ts';
import { StartupError } from '../errors/startup-error.ts';
import { assertEveryMethodHasRule } from '../rpc/access.ts';
import { serverInterceptors } from '../rpc/server-interceptors.ts';
import { createTokenVerifier } from '../rpc/token-verifier.ts';
import type { SessionWatch } from '../sessions/session-watch.ts';
import type { RunningService, ServiceContext, ServiceDefinition } from './definition.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { openOverloadGate } from './open-overload-gate.ts';
import { openSessionWatch } from './open-session-watch.ts';
import { startPurgeJob } from './purge-job.ts';

/**
 * Starts a service: migrations, context, gRPC, HTTP, workers; ready when all of it runs. What was opened is closed again
 * when a later step fails. Throws StartupError or PortInUseError for reasons that an operator can act on.
 */
export async function startService<C extends { core: CoreConfig }, X extends ServiceContext>(
  definition: ServiceDefinition<C, X>,
  config: C,
  overrides?: Partial<X>,
): Promise<RunningService<X>> {
  await migrate(definition, config.core);
  const ctx = await definition.createContext(config, overrides);
  const opened: Opened = { state: { isReady: false }, shutdown: new AbortController(), workers: [] };
  const close = once(() => shutDown(definition, { config: config.core, ctx, opened }));
  try {
    await open(definition, { config: config.core, ctx, opened });
  } catch (error) {
    await close().catch((failure: unknown) =>
      ctx.logger.error({ err: failure }, 'closing after a failed start failed'),
    );
    throw error;
  }
  return {
    grpcPort: opened.grpc?.port ?? 0,
    httpPort: opened.http?.port ?? 0,
    ctx,
    settled: () => isSettled(ctx, opened.workers),
    close,
  };
}

interface Opened {
  state: { isReady: boolean };
  /** Ends the streams over HTTP/1.1; those by gRPC end with the drain. */
  shutdown: AbortController;
  health?: HealthService;
  overload?: OverloadGate;
  sessions?: SessionWatch;
  grpc?: GrpcServer;
  http?: HttpServer;
  workers: Closable[];
}

interface Parts<X> {
  config: CoreConfig;
  ctx: X;
  opened: Opened;
}

async function migrate<C, X extends ServiceContext>(
  { name, migrations }: Pick<ServiceDefinition<C & { core: CoreConfig }, X>, 'name' | 'migrations'>,
  { databaseUrl }: CoreConfig,
): Promise<void> {
  try {
    await applyMigrations({ databaseUrl, folder: migrations });
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw describeUnreachable('PostgreSQL', { url: databaseUrl, setting: `${name.toUpperCase()}_DATABASE_URL` }, error);
  }
}

async function open<C extends { core: CoreConfig }, X extends ServiceContext>(
  definition: ServiceDefinition<C, X>,
  { config, ctx, opened }: Parts<X>,
): Promise<void> {
  assertSecure(config, ctx);
  opened.sessions = openSessionWatch(config, ctx);
  const serving = toServing(definition.routes(ctx), { config, ctx, opened });
  opened.health = serving.health;
  opened.overload = serving.overload;
  opened.grpc = await startGrpcServer(serving, { host: config.host, port: config.grpcPort });
  opened.http = await startHttpServer({
    host: config.host,
    port: config.httpPort,
    routes: definition.http?.(ctx) ?? [],
    metrics: ctx.telemetry.metrics,
    logger: ctx.logger,
    isReady: () => opened.state.isReady,
    fallback: createConnectHandler({ ...serving, shutdown: opened.shutdown.signal }),
  });
  opened.workers.push(startPurgeJob(config, ctx));
  opened.workers.push(...(await definition.startWorkers(ctx)));
  setReady(opened, serving.services, true);
}

// A context that forgets the certificates would serve in plain text what was meant to be secret.
function assertSecure({ certificateFiles }: CoreConfig, { certificates }: ServiceContext): void {
  if (certificateFiles !== undefined && certificates === undefined) {
    throw new StartupError('TLS_CERT_FILE is set, but the context of the service holds no certificates');
  }
}

function toServing(routes: Routes, { config, ctx, opened }: Parts<ServiceContext>) {
  const services = servicesOf(collectRoutes(routes));
  assertEveryMethodHasRule(services);
  const health = createHealth(services);
  for (const name of ['', ...services.map((service) => service.typeName)]) health.set(name, false);
  const { jwksUrl, tokenIssuer: issuer, tokenAudience: audience, trustedPeers } = config;
  const verifier = createTokenVerifier({ jwksUrl, issuer, audience }, opened.sessions);
  const { certificates, telemetry, logger } = ctx;
  const hasCertificates = certificates !== undefined;
  const interceptors = serverInterceptors({ telemetry, logger, verifier, trustedPeers, hasCertificates });
  const onError = (error: unknown) => ctx.logger.error({ err: error }, 'a call failed outside its interceptors');
  const overload = openOverloadGate(config.overload, ctx.telemetry);
  const onRefused = (reason: string, address: string | undefined) => {
    telemetry.instruments.handshakesRefused.inc({ reason });
    logger.info({ reason, peer_address: address }, 'a TLS connection was refused');
  };
  return { routes, interceptors, health, services, onError, overload, certificates, onRefused };
}

function setReady({ state, health }: Opened, services: readonly { typeName: string }[], isReady: boolean): void {
  state.isReady = isReady;
  for (const name of ['', ...services.map((service) => service.typeName)]) health?.set(name, isReady);
}

async function shutDown<C extends { core: CoreConfig }, X extends ServiceContext>(
  definition: ServiceDefinition<C, X>,
  { config, ctx, opened }: Parts<X>,
): Promise<void> {
  opened.state.isReady = false;
  opened.health?.set('', false);
  if (opened.grpc) await new Promise((resolve) => setTimeout(resolve, config.shutdownDelayMs));
  opened.shutdown.abort(new ConnectError('the server is shutting down', Code.Unavailable));
  // A fifth of the time is kept for what comes after the last call.
  await opened.grpc?.drain(Math.max(0, config.drainGraceMs * 0.8 - config.shutdownDelayMs));
  await opened.http?.close();
  await opened.sessions?.close();
  await Promise.all(opened.workers.map((worker) => worker.close()));
  await definition.closeContext(ctx);
  ctx.certificates?.close();
  opened.overload?.close();
  await ctx.telemetry.shutdown();
}

async function isSettled({ relay }: ServiceContext, workers: readonly Closable[]): Promise<boolean> {
  for (const each of [relay, ...workers]) {
    if (each?.settled && !(await each.settled())) return false;
  }
  return true;
}

function once(run: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => {
    result ??= run();
    return result;
  };
}
