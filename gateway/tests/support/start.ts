import { createGrpcTransport, startGrpcServer } from '@mawid/rpc';
import { clientInterceptors, createLogger, startTelemetry } from '@mawid/service-kit';
import { type Context, loadConfig, type RunningGateway, startGateway } from '../../src/service.ts';
import { LibraryService } from '../gen/gateway/test/v1/library_service_pb.js';
import { library, librarySources } from './library.ts';
import type { TestApi } from './serve-api.ts';

export interface TestGateway {
  readonly url: string;
  readonly metricsUrl: string;
  readonly gateway: RunningGateway;
  /** Stops the service behind the gateway. */
  stopService(): Promise<void>;
  close(): Promise<void>;
}

/** Tokens of tests are `<role>` or `<role>.<payload in base64url>`, whose `sub` and `exp` (milliseconds) are read. */
const verifier = {
  verify: async (token: string) => {
    if (token === 'keys-gone') throw new Error('the keys cannot be fetched');
    const [role = '', payload] = token.split('.');
    if (!['customer', 'admin'].includes(role)) return undefined;
    const { sub, exp, locale } = JSON.parse(Buffer.from(payload ?? 'e30', 'base64url').toString());
    return {
      role,
      locale,
      ...(sub === undefined ? {} : { userId: sub }),
      ...(exp === undefined ? {} : { expiresAt: exp }),
    };
  },
};

const libraryApi: TestApi = {
  routes: (router) => void router.service(LibraryService, library),
  sources: librarySources,
};

/** A gateway on a free port in front of a gRPC server of an API, the library's unless told. */
export async function startTestGateway(
  env: NodeJS.ProcessEnv = {},
  api: TestApi = libraryApi,
  overrides: Partial<Context> = {},
): Promise<TestGateway> {
  const server = await startGrpcServer({ routes: api.routes, ...api.server }, { host: '127.0.0.1', port: 0 });
  const telemetry = startTelemetry({ service: 'gateway' });
  const transport = createGrpcTransport(`127.0.0.1:${server.port}`, {
    interceptors: clientInterceptors({ peer: 'gateway', telemetry }),
  });
  const config = loadConfig({
    GATEWAY_PORT: '0',
    GATEWAY_METRICS_PORT: '0',
    LOG_LEVEL: 'silent',
    RATE_LIMITS: 'off',
    ...env,
  });
  const gateway = await startGateway(config, {
    telemetry,
    verifier,
    logger: createLogger({ name: 'gateway', level: 'silent' }),
    transports: { test: transport },
    routeSources: api.sources,
    ...overrides,
  });
  return {
    url: `http://127.0.0.1:${gateway.port}`,
    metricsUrl: `http://127.0.0.1:${gateway.metricsPort}`,
    gateway,
    stopService: () => server.close(),
    close: async () => {
      await gateway.close();
      await server.close();
    },
  };
}
