import { accessRuleOf, registry, restOptionsOf, services } from '@mawid/contracts';
import { createGrpcTransport, type GrpcTransport } from '@mawid/rpc';
import {
  type Clock,
  clientInterceptors,
  createLogger,
  createTokenVerifier,
  type Logger,
  serviceNames,
  startTelemetry,
  systemClock,
  type Telemetry,
} from '@mawid/service-kit';
import type { TokenVerifier } from './auth/authenticate.ts';
import type { GatewayConfig } from './config.ts';
import { compileRoutes, type RouteSources } from './rest/routes.ts';

/** What the gateway works with. Tests replace members by `createContext`'s overrides. */
export interface Context {
  readonly config: GatewayConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly verifier: TokenVerifier;
  /** By the service's name in its protos' package, `mawid.booking.v1` → `booking`. */
  readonly transports: Readonly<Record<string, GrpcTransport>>;
  readonly routeSources: RouteSources;
}

export function createContext(config: GatewayConfig, overrides: Partial<Context> = {}): Context {
  const telemetry =
    overrides.telemetry ??
    startTelemetry({ service: 'gateway', otlpEndpoint: config.otlpEndpoint, sampleRatio: config.traceSampleRatio });
  return {
    config,
    telemetry,
    clock: overrides.clock ?? systemClock,
    logger: overrides.logger ?? createLogger({ name: 'gateway', level: config.logLevel }),
    verifier: overrides.verifier ?? createVerifier(config),
    transports: overrides.transports ?? createTransports(config, telemetry),
    routeSources: overrides.routeSources ?? { services, registry, accessRuleOf, restOptionsOf },
  };
}

/** Compiles the routes; throws RouteError, see there. */
export function createRoutes(ctx: Context) {
  return compileRoutes(ctx.routeSources);
}

export async function closeContext(ctx: Context): Promise<void> {
  for (const transport of Object.values(ctx.transports)) transport.close();
  await ctx.telemetry.shutdown();
}

function createVerifier({ jwksUrl, tokenIssuer, tokenAudience }: GatewayConfig): TokenVerifier {
  return createTokenVerifier({ jwksUrl, issuer: tokenIssuer, audience: tokenAudience });
}

function createTransports(config: GatewayConfig, telemetry: Telemetry): Record<string, GrpcTransport> {
  const interceptors = clientInterceptors({ peer: 'gateway', telemetry });
  return Object.fromEntries(
    serviceNames.map((name) => [name, createGrpcTransport(config.addresses[name], { interceptors })]),
  );
}
