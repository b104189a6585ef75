import { accessRuleOf, registry, restOptionsOf, services, sourceOf } from '@mawid/contracts';
import { type Certificates, createGrpcTransport, type GrpcTransport, type OverloadGate } from '@mawid/rpc';
import {
  type Clock,
  type Closable,
  clientInterceptors,
  createLogger,
  type Logger,
  openOverloadGate,
  openProcessCertificates,
  serviceNames,
  startTelemetry,
  systemClock,
  type Telemetry,
} from '@mawid/service-kit';
import type { TokenVerifier } from './auth/authenticate.ts';
import { openVerifier } from './auth/open-verifier.ts';
import type { GatewayConfig } from './config.ts';
import { compileRoutes, type RouteSources } from './rest/routes.ts';

/** What the gateway works with. Tests replace members by `createContext`'s overrides. */
export interface Context {
  readonly config: GatewayConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly overload: OverloadGate;
  readonly verifier: TokenVerifier & Partial<Closable>;
  /** Of the connections to the services; undefined: plain text. */
  readonly certificates: Certificates | undefined;
  /** By the service's name in its protos' package, `mawid.booking.v1` → `booking`. */
  readonly transports: Readonly<Record<string, GrpcTransport>>;
  readonly routeSources: RouteSources;
}

export function createContext(config: GatewayConfig, overrides: Partial<Context> = {}): Context {
  const telemetry =
    overrides.telemetry ??
    startTelemetry({ service: 'gateway', otlpEndpoint: config.otlpEndpoint, sampleRatio: config.traceSampleRatio });
  const logger = overrides.logger ?? createLogger({ name: 'gateway', level: config.logLevel });
  const certificates =
    overrides.certificates ?? openProcessCertificates(config.certificateFiles, { name: 'gateway', logger, telemetry });
  const transports = overrides.transports ?? createTransports(config, { telemetry, certificates });
  return {
    config,
    telemetry,
    overload: overrides.overload ?? openOverloadGate(config.overload, telemetry),
    clock: overrides.clock ?? systemClock,
    logger,
    certificates,
    verifier: overrides.verifier ?? openVerifier(config, { identity: transports.identity, logger, telemetry }),
    transports,
    routeSources: overrides.routeSources ?? { services, registry, accessRuleOf, restOptionsOf, sourceOf },
  };
}

/** Compiles the routes; throws RouteError, see there. */
export function createRoutes(ctx: Context) {
  return compileRoutes(ctx.routeSources);
}

export async function closeContext(ctx: Context): Promise<void> {
  ctx.overload.close();
  await ctx.verifier.close?.();
  for (const transport of Object.values(ctx.transports)) transport.close();
  ctx.certificates?.close();
  await ctx.telemetry.shutdown();
}

function createTransports(
  config: GatewayConfig,
  { telemetry, certificates }: Pick<Context, 'telemetry' | 'certificates'>,
): Record<string, GrpcTransport> {
  const interceptors = clientInterceptors({ peer: 'gateway', telemetry });
  return Object.fromEntries(
    serviceNames.map((name) => [name, createGrpcTransport(config.addresses[name], { interceptors, certificates })]),
  );
}
