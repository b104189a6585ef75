import type { CertificateFiles } from '@mawid/rpc';
import {
  forDevelopment,
  type LogLevel,
  loadSettings,
  type Networks,
  type OverloadConfig,
  optionalFile,
  overloadSettings,
  type ServiceName,
  serviceNames,
  setting,
  toCertificateFiles,
  toOverloadConfig,
} from '@mawid/service-kit';
import type { AccessLogMode } from './access-log.ts';
import { parseRates } from './limits/parse-rates.ts';
import type { ClassRates } from './limits/policy.ts';
import type { RateClassName } from './limits/rate-class.ts';
import type { StreamLimits } from './rest/stream/streams.ts';

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
  readonly streams: StreamLimits;
  /** Which requests leave a line in the log. */
  readonly accessLog: AccessLogMode;
  readonly overload: OverloadConfig;
  readonly drainGraceMs: number;
  /** Wait between "not ready" and the drain, for load balancers that need time to notice. */
  readonly shutdownDelayMs: number;
  readonly logLevel: LogLevel;
  readonly otlpEndpoint: string | undefined;
  readonly traceSampleRatio: number;
  readonly jwksUrl: string;
  /** Where clients reach the API; the reference names it where it is https. */
  readonly publicUrl: string | undefined;
  readonly tokenIssuer: string;
  readonly tokenAudience: string;
  /** Of mutual TLS to the services; without it, plain text. */
  readonly certificateFiles: CertificateFiles | undefined;
  /** Undefined where limits are off. */
  readonly rateLimits: Readonly<Record<RateClassName, ClassRates>> | undefined;
  /** Of the digests under which users and addresses are counted. */
  readonly rateLimitKey: string;
  readonly natsUrl: string;
  /** Copies of the streams that count: 1 on one server, 3 in a cluster. */
  readonly streamReplicas: number;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

function rates(fallback: string) {
  return setting.custom('must be like user=600/1m;address=12000/1m', parseRates, fallback);
}

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
  GATEWAY_STREAM_HEARTBEAT_MS: setting.integer(15_000, { min: 100, max: 55_000 }),
  GATEWAY_STREAM_MAX_AGE_MS: setting.integer(3_600_000, { min: 1_000, max: 86_400_000 }),
  GATEWAY_STREAM_STALL_MS: setting.integer(30_000, { min: 100, max: 55_000 }),
  GATEWAY_STREAMS_PER_CALLER: setting.integer(10, { min: 1, max: 10_000 }),
  GATEWAY_ACCESS_LOG: setting.oneOf(['all', 'errors', 'none'], 'errors'),
  ...overloadSettings(),
  DRAIN_GRACE_MS: setting.integer(10_000, { min: 100, max: 300_000 }),
  SHUTDOWN_DELAY_MS: setting.milliseconds(0),
  LOG_LEVEL: setting.oneOf(logLevels, 'info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting.url().optional(),
  OTEL_TRACES_SAMPLER_ARG: setting.ratio(1),
  IDENTITY_JWKS_URL: setting.url('http://127.0.0.1:8081/.well-known/jwks.json'),
  PUBLIC_URL: setting.url().optional(),
  TOKEN_ISSUER: setting.text('https://mawid.sa'),
  TOKEN_AUDIENCE: setting.text('mawid'),
  TLS_CERT_FILE: optionalFile(),
  TLS_KEY_FILE: optionalFile(),
  TLS_CA_FILE: optionalFile(),
  RATE_LIMITS: setting.oneOf(['on', 'off'], 'on'),
  RATE_LIMIT_READ: rates('user=600/1m;address=12000/1m'),
  RATE_LIMIT_WRITE: rates('user=120/1m;address=2400/1m'),
  RATE_LIMIT_SIGN_IN: rates('user=30/1m;address=600/1m'),
  RATE_LIMIT_SPEND: rates('user=20/10m;address=200/10m'),
  RATE_LIMIT_PROVIDER: rates('address=6000/1m'),
  RATE_LIMIT_KEY: setting.secret('mawid-development-rate-limits'),
  NATS_URL: forDevelopment(setting.natsUrl(), 'nats://127.0.0.1:42229'),
  NATS_STREAM_REPLICAS: setting.integer(1, { min: 1, max: 5 }),
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
    streams: {
      heartbeatMs: values.GATEWAY_STREAM_HEARTBEAT_MS,
      maxAgeMs: values.GATEWAY_STREAM_MAX_AGE_MS,
      stallMs: values.GATEWAY_STREAM_STALL_MS,
      perCaller: values.GATEWAY_STREAMS_PER_CALLER,
    },
    accessLog: values.GATEWAY_ACCESS_LOG,
    overload: toOverloadConfig(values),
    drainGraceMs: values.DRAIN_GRACE_MS,
    shutdownDelayMs: values.SHUTDOWN_DELAY_MS,
    logLevel: values.LOG_LEVEL,
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    traceSampleRatio: values.OTEL_TRACES_SAMPLER_ARG,
    jwksUrl: values.IDENTITY_JWKS_URL,
    publicUrl: values.PUBLIC_URL,
    tokenIssuer: values.TOKEN_ISSUER,
    tokenAudience: values.TOKEN_AUDIENCE,
    certificateFiles: toCertificateFiles(values),
    rateLimits:
      values.RATE_LIMITS === 'off'
        ? undefined
        : {
            read: values.RATE_LIMIT_READ,
            write: values.RATE_LIMIT_WRITE,
            'sign-in': values.RATE_LIMIT_SIGN_IN,
            spend: values.RATE_LIMIT_SPEND,
            provider: values.RATE_LIMIT_PROVIDER,
          },
    rateLimitKey: values.RATE_LIMIT_KEY,
    natsUrl: values.NATS_URL,
    streamReplicas: values.NATS_STREAM_REPLICAS,
  };
}
