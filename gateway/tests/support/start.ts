import { createGrpcTransport, startGrpcServer } from '@mawid/rpc';
import { clientInterceptors, createLogger, startTelemetry } from '@mawid/service-kit';
import { loadConfig, type RunningGateway, startGateway } from '../../src/service.ts';
import { LibraryService } from '../gen/gateway/test/v1/library_service_pb.js';
import { library, librarySources } from './library.ts';

export interface TestGateway {
  readonly url: string;
  readonly metricsUrl: string;
  readonly gateway: RunningGateway;
  /** Stops the service behind the gateway. */
  stopService(): Promise<void>;
  close(): Promise<void>;
}

/** Tokens of tests are `<role>` or `<role>.<payload in base64url>`. */
const verifier = {
  verify: async (token: string) => {
    if (token === 'keys-gone') throw new Error('the keys cannot be fetched');
    const role = token.split('.', 1)[0] ?? '';
    return ['customer', 'admin'].includes(role) ? { role } : undefined;
  },
};

/** A gateway on a free port in front of the test API's gRPC server. */
export async function startTestGateway(env: NodeJS.ProcessEnv = {}): Promise<TestGateway> {
  const server = await startGrpcServer(
    { routes: (router) => void router.service(LibraryService, library) },
    { host: '127.0.0.1', port: 0 },
  );
  const telemetry = startTelemetry({ service: 'gateway' });
  const transport = createGrpcTransport(`127.0.0.1:${server.port}`, {
    interceptors: clientInterceptors({ peer: 'gateway', telemetry }),
  });
  const config = loadConfig({ GATEWAY_PORT: '0', GATEWAY_METRICS_PORT: '0', LOG_LEVEL: 'silent', ...env });
  const gateway = await startGateway(config, {
    telemetry,
    verifier,
    logger: createLogger({ name: 'gateway', level: 'silent' }),
    transports: { test: transport },
    routeSources: librarySources,
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
