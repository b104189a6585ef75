import {
  type LogLevel,
  loadSettings,
  type Networks,
  type ServiceName,
  serviceNames,
  setting,
} from '@mawid/service-kit';

/** Everything that is set from outside. */
export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  readonly metricsPort: number;
  /** Where each service's gRPC is, `host:port` or `dns:///name:port`. */
  readonly addresses: Readonly<Record<ServiceName, string>>;
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: Networks;
  readonly requestTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly drainGraceMs: number;
  /** Wait between "not ready" and the drain, for load balancers that need time to notice. */
  readonly shutdownDelayMs: number;
  readonly logLevel: LogLevel;
  readonly otlpEndpoint: string | undefined;
  readonly traceSampleRatio: number;
  readonly jwksUrl: string;
  readonly tokenIssuer: string;
  readonly tokenAudience: string;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const settings = {
  SERVICE_HOST: setting.text('127.0.0.1'),
  GATEWAY_PORT: setting.port(8080),
  GATEWAY_METRICS_PORT: setting.port(9080),
  IDENTITY_GRPC_ADDRESS: setting.text('127.0.0.1:50051'),
  BOOKING_GRPC_ADDRESS: setting.text('127.0.0.1:50052'),
  PAYMENTS_GRPC_ADDRESS: setting.text('127.0.0.1:50053'),
  NOTIFY_GRPC_ADDRESS: setting.text('127.0.0.1:50054'),
  CORS_ORIGINS: setting.list([]),
  TRUSTED_PROXIES: setting.networks('127.0.0.0/8,::1'),
  GATEWAY_REQUEST_TIMEOUT_MS: setting.integer(10_000, { min: 100, max: 30_000 }),
  GATEWAY_MAX_BODY_BYTES: setting.integer(262_144, { min: 1_024, max: 262_144 }),
  DRAIN_GRACE_MS: setting.integer(10_000, { min: 100, max: 300_000 }),
  SHUTDOWN_DELAY_MS: setting.milliseconds(0),
  LOG_LEVEL: setting.oneOf(logLevels, 'info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting.url().optional(),
  OTEL_TRACES_SAMPLER_ARG: setting.ratio(1),
  IDENTITY_JWKS_URL: setting.url('http://127.0.0.1:8081/.well-known/jwks.json'),
  TOKEN_ISSUER: setting.text('https://mawid.sa'),
  TOKEN_AUDIENCE: setting.text('mawid'),
};

/** Reads the settings. Throws the kit's ConfigError that names every wrong one. */
export function loadConfig(env: NodeJS.ProcessEnv): GatewayConfig {
  const values = loadSettings(settings, env);
  return {
    host: values.SERVICE_HOST,
    port: values.GATEWAY_PORT,
    metricsPort: values.GATEWAY_METRICS_PORT,
    addresses: Object.fromEntries(
      serviceNames.map((name) => [name, values[`${name.toUpperCase() as Uppercase<ServiceName>}_GRPC_ADDRESS`]]),
    ) as Record<ServiceName, string>,
    corsOrigins: values.CORS_ORIGINS,
    trustedProxies: values.TRUSTED_PROXIES,
    requestTimeoutMs: values.GATEWAY_REQUEST_TIMEOUT_MS,
    maxBodyBytes: values.GATEWAY_MAX_BODY_BYTES,
    drainGraceMs: values.DRAIN_GRACE_MS,
    shutdownDelayMs: values.SHUTDOWN_DELAY_MS,
    logLevel: values.LOG_LEVEL,
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    traceSampleRatio: values.OTEL_TRACES_SAMPLER_ARG,
    jwksUrl: values.IDENTITY_JWKS_URL,
    tokenIssuer: values.TOKEN_ISSUER,
    tokenAudience: values.TOKEN_AUDIENCE,
  };
}
