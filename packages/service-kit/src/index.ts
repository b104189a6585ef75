export { type Clock, systemClock } from './clock.ts';
export type { Closable } from './closable.ts';
export { optionalFile, toCertificateFiles } from './config/certificate-files.ts';
export {
  type CoreConfig,
  coreSettings,
  type LogLevel,
  type OverloadConfig,
  overloadSettings,
  type ServiceName,
  serviceNames,
  toCoreConfig,
  toOverloadConfig,
} from './config/core-config.ts';
export { ConfigError, loadSettings } from './config/load-settings.ts';
export { networkOf } from './config/network-of.ts';
export { isLoopback, type Networks, parseNetworks } from './config/networks.ts';
export { forDevelopment, type Setting, setting } from './config/setting.ts';
export { applyMigrations, type MigrationOptions } from './database/apply-migrations.ts';
export { createDatabase, type DatabaseOptions } from './database/create-database.ts';
export type { Database, Queryable, Statement, Transaction, TransactionOptions } from './database/types.ts';
export { describeUnreachable } from './errors/describe-unreachable.ts';
export { type FieldProblem, type RefusalDetails, reasonOf, refuse } from './errors/refuse.ts';
export { StartupError } from './errors/startup-error.ts';
export { isPassing, translateError } from './errors/translate-error.ts';
export { type Consumer, type ConsumerOptions, startConsumer } from './events/consumer.ts';
export { type DeadLetter, listDeadLetters, replayDeadLetter } from './events/dead-letters.ts';
export { durableName } from './events/durable.ts';
export { eventHeader } from './events/headers.ts';
export { kitMigrationSql } from './events/kit-migration.ts';
export { laneOf } from './events/lane.ts';
export { connectNats, type NatsConnection, type NatsOptions } from './events/nats.ts';
export { insertEvents, type OutboxRow, type OutgoingEvent, toOutboxRows } from './events/outbox.ts';
export { type Relay, type RelayOptions, startRelay } from './events/relay.ts';
export type { RetryPolicy } from './events/retry-policy.ts';
export { type StreamPlace, type StreamTailOptions, startStreamTail, type TailMessage } from './events/stream-tail.ts';
export { type EventHandler, on, type ReceivedEvent, type Subscription } from './events/subscription.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger/create-logger.ts';
export { maskText } from './logger/mask.ts';
export { createPageToken, type PageScope, requireCursor } from './pages/page-token.ts';
export { toPage, toPageSize } from './pages/to-page.ts';
export { assertEveryMethodHasRule } from './rpc/access.ts';
export { preferredOf } from './rpc/auth.ts';
export { callHeader } from './rpc/call-headers.ts';
export { outsideCall } from './rpc/call-signal.ts';
export { type Caller, callerOf, forwardedHeaders, type Locale, type Role, requireUser, roles } from './rpc/caller.ts';
export { type ClientInterceptorOptions, clientInterceptors } from './rpc/client-interceptors.ts';
export {
  findAnswer,
  type IdempotencyKey,
  type IdempotentCall,
  idempotencyWaitMs,
  replayAnswer,
  runIdempotent,
  toIdempotencyKey,
  toInProgress,
} from './rpc/idempotency.ts';
export { type ServerInterceptorOptions, serverInterceptors } from './rpc/server-interceptors.ts';
export { createTokenVerifier, type TokenRules, type TokenVerifier, type VerifiedToken } from './rpc/token-verifier.ts';
export { type Core, closeCore, openCore } from './service/core.ts';
export type { HttpRoute, RunningService, ServiceContext, ServiceDefinition } from './service/definition.ts';
export { type Job, type JobOptions, startJob } from './service/jobs.ts';
export { openProcessCertificates } from './service/open-certificates.ts';
export { openOverloadGate, overloadRetrySeconds } from './service/open-overload-gate.ts';
export { runMain } from './service/run-main.ts';
export { startService } from './service/start-service.ts';
export { type SessionWatch, type SessionWatchOptions, startSessionWatch } from './sessions/session-watch.ts';
export { createSleeper, jitter, type Sleeper } from './sleeper.ts';
export { attribute, metric } from './telemetry/names.ts';
export { startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry/start-telemetry.ts';
export { contextFrom, currentTraceHeaders, linksTo, type TraceHeaders } from './telemetry/trace-context.ts';
