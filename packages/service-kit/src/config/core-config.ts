import type { CertificateFiles } from '@mawid/rpc';
import type { z } from 'zod';
import { optionalFile, toCertificateFiles } from './certificate-files.ts';
import type { Networks } from './networks.ts';
import { forDevelopment, type Setting, setting } from './setting.ts';

export const serviceNames = ['identity', 'booking', 'payments', 'notify'] as const;
export type ServiceName = (typeof serviceNames)[number];

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What every service must know before its first line of its own. */
export interface CoreConfig {
  name: ServiceName;
  host: string;
  grpcPort: number;
  httpPort: number;
  databaseUrl: string;
  databasePoolSize: number;
  databaseStatementTimeoutMs: number;
  natsUrl: string;
  /** Copies of each stream: 1 on one server, 3 in a cluster. */
  streamReplicas: number;
  logLevel: LogLevel;
  otlpEndpoint?: string | undefined;
  traceSampleRatio: number;
  /** From SIGTERM to the end of the process, at most. */
  drainGraceMs: number;
  /** Wait between "not ready" and the drain, for load balancers that need time to notice. */
  shutdownDelayMs: number;
  jwksUrl: string;
  tokenIssuer: string;
  tokenAudience: string;
  /** Identity's gRPC, asked about sessions while the event stream cannot be heard. */
  identityAddress: string;
  /** From where a forwarded client address (`x-client-address`) is believed. */
  trustedPeers: Networks;
  /** Of mutual TLS for gRPC, in and out; without it, plain text. */
  certificateFiles?: CertificateFiles | undefined;
  overload: OverloadConfig;
  /** How long published outbox rows stay for a replay. */
  outboxRetentionMs: number;
}

/** When calls are turned away so that others can be served. */
export interface OverloadConfig {
  /** Average delay of the event loop from which on calls are refused; 0 is never. */
  maxDelayMs: number;
  /** Calls in flight, and as many streams; 0 is no limit. */
  maxConcurrentCalls: number;
}

const ports: Record<ServiceName, { grpc: number; http: number }> = {
  identity: { grpc: 50051, http: 8081 },
  booking: { grpc: 50052, http: 8082 },
  payments: { grpc: 50053, http: 8083 },
  notify: { grpc: 50054, http: 8084 },
};

interface OwnSettings {
  GRPC_PORT: Setting<number>;
  HTTP_PORT: Setting<number>;
  DATABASE_URL: Setting<string>;
}

/** Settings whose name starts with the service's, `BOOKING_GRPC_PORT`. */
export type OwnShape<N extends ServiceName> = {
  [K in keyof OwnSettings as `${Uppercase<N>}_${K}`]: OwnSettings[K];
};

/** The zod shape of `CoreConfig`, to be spread into the service's own shape. */
export function coreSettings<N extends ServiceName>(name: N): OwnShape<N> & ReturnType<typeof sharedSettings> {
  const prefix = name.toUpperCase();
  const own = {
    [`${prefix}_GRPC_PORT`]: setting.port(ports[name].grpc),
    [`${prefix}_HTTP_PORT`]: setting.port(ports[name].http),
    [`${prefix}_DATABASE_URL`]: forDevelopment(
      setting.postgresUrl(),
      `postgres://${name}:${name}@127.0.0.1:54329/${name}`,
    ),
  } as OwnShape<N>;
  return { ...own, ...sharedSettings() };
}

function sharedSettings() {
  return {
    SERVICE_HOST: setting.text('127.0.0.1'),
    DATABASE_POOL_SIZE: setting.integer(10, { min: 2, max: 200 }),
    DATABASE_STATEMENT_TIMEOUT_MS: setting.milliseconds(5_000),
    NATS_URL: forDevelopment(setting.natsUrl(), 'nats://127.0.0.1:42229'),
    NATS_STREAM_REPLICAS: setting.integer(1, { min: 1, max: 5 }),
    LOG_LEVEL: setting.oneOf(logLevels, 'info'),
    OTEL_EXPORTER_OTLP_ENDPOINT: setting.url().optional(),
    OTEL_TRACES_SAMPLER_ARG: setting.ratio(1),
    DRAIN_GRACE_MS: setting.integer(10_000, { min: 100, max: 300_000 }),
    SHUTDOWN_DELAY_MS: setting.milliseconds(0),
    IDENTITY_JWKS_URL: setting.url('http://127.0.0.1:8081/.well-known/jwks.json'),
    IDENTITY_GRPC_ADDRESS: setting.text('127.0.0.1:50051'),
    TOKEN_ISSUER: setting.text('https://mawid.sa'),
    TOKEN_AUDIENCE: setting.text('mawid'),
    TRUSTED_PEERS: setting.networks('127.0.0.0/8,::1'),
    TLS_CERT_FILE: optionalFile(),
    TLS_KEY_FILE: optionalFile(),
    TLS_CA_FILE: optionalFile(),
    ...overloadSettings(),
    OUTBOX_RETENTION_MS: setting.integer(48 * 3_600_000, { min: 24 * 3_600_000 }),
  };
}

/** The zod shape of `OverloadConfig`. */
export function overloadSettings() {
  return {
    OVERLOAD_MAX_DELAY_MS: setting.milliseconds(200),
    MAX_CONCURRENT_CALLS: setting.integer(1_000),
  };
}

/** Puts what `loadSettings` read for `overloadSettings()` into an OverloadConfig. */
export function toOverloadConfig(settings: z.infer<z.ZodObject<ReturnType<typeof overloadSettings>>>): OverloadConfig {
  return { maxDelayMs: settings.OVERLOAD_MAX_DELAY_MS, maxConcurrentCalls: settings.MAX_CONCURRENT_CALLS };
}

type SharedValues = z.infer<z.ZodObject<ReturnType<typeof sharedSettings>>>;

/** Puts what `loadSettings` read for `coreSettings(name)` into a CoreConfig. */
export function toCoreConfig(name: ServiceName, settings: SharedValues): CoreConfig {
  const own = settings as unknown as Record<string, never>;
  const prefix = name.toUpperCase();
  return {
    name,
    host: settings.SERVICE_HOST,
    grpcPort: own[`${prefix}_GRPC_PORT`] as unknown as number,
    httpPort: own[`${prefix}_HTTP_PORT`] as unknown as number,
    databaseUrl: own[`${prefix}_DATABASE_URL`] as unknown as string,
    databasePoolSize: settings.DATABASE_POOL_SIZE,
    databaseStatementTimeoutMs: settings.DATABASE_STATEMENT_TIMEOUT_MS,
    natsUrl: settings.NATS_URL,
    streamReplicas: settings.NATS_STREAM_REPLICAS,
    logLevel: settings.LOG_LEVEL,
    otlpEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
    traceSampleRatio: settings.OTEL_TRACES_SAMPLER_ARG,
    drainGraceMs: settings.DRAIN_GRACE_MS,
    shutdownDelayMs: settings.SHUTDOWN_DELAY_MS,
    jwksUrl: settings.IDENTITY_JWKS_URL,
    tokenIssuer: settings.TOKEN_ISSUER,
    tokenAudience: settings.TOKEN_AUDIENCE,
    identityAddress: settings.IDENTITY_GRPC_ADDRESS,
    trustedPeers: settings.TRUSTED_PEERS,
    certificateFiles: toCertificateFiles(settings),
    overload: toOverloadConfig(settings),
    outboxRetentionMs: settings.OUTBOX_RETENTION_MS,
  };
}
