import { create } from '@bufbuild/protobuf';
import { RateClass, RestOptionsSchema } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import { createGrpcTransport, startGrpcServer } from '@mawid/rpc';
import { createLogger, startTelemetry } from '@mawid/service-kit';
import { type Context, loadConfig, startGateway } from '../../src/service.ts';
import { LibraryService } from '../gen/gateway/test/v1/library_service_pb.js';
import { request } from './client.ts';
import { library, librarySources } from './library.ts';

/** The test API with a method of each rate class. */
const rateClasses: Readonly<Record<string, RateClass>> = {
  ArchiveBook: RateClass.SPEND,
  CancelBook: RateClass.SIGN_IN,
  ReceiveHook: RateClass.PROVIDER,
};
export const lines = {
  read: 'GET /api/books/b1',
  write: 'DELETE /api/books/b1',
  spend: 'POST /api/books/b1:archive',
  signIn: 'POST /api/books/b1/cancel',
  provider: 'POST /api/webhooks/moyasar',
} as const;

const sources = {
  ...librarySources,
  restOptionsOf: ({ name }: { name: string }) => create(RestOptionsSchema, { rateClass: rateClasses[name] ?? 0 }),
};

/** Tokens are user ids that begin with "user". */
const verifier = {
  verify: async (token: string) => (token.startsWith('user') ? { role: 'customer', userId: token } : undefined),
};

/** How a request is sent: by whom, and from where a trusted proxy says it came. */
export interface From {
  readonly user?: string;
  readonly address?: string;
  readonly headers?: Record<string, string>;
}

export interface LimitedGateway {
  readonly url: string;
  readonly metricsUrl: string;
  send(line: string, from?: From): ReturnType<typeof request>;
  close(): Promise<void>;
}

export interface LimitedWorld {
  /** Another replica. */
  startReplica(env?: NodeJS.ProcessEnv, overrides?: Partial<Context>): Promise<LimitedGateway>;
  close(): Promise<void>;
}

/** A service and as many gateways in front of it as a test wants. */
export async function startLimitedWorld(common: NodeJS.ProcessEnv): Promise<LimitedWorld> {
  const server = await startGrpcServer(
    { routes: (router) => void router.service(LibraryService, library) },
    { host: '127.0.0.1', port: 0 },
  );
  const opened: LimitedGateway[] = [];
  return {
    async startReplica(env = {}, overrides = {}) {
      const transport = createGrpcTransport(`127.0.0.1:${server.port}`);
      const replica = await startReplica({ ...common, ...env }, { transports: { test: transport }, ...overrides });
      opened.push(replica);
      return replica;
    },
    async close() {
      await Promise.all(opened.map((each) => each.close()));
      await server.close();
    },
  };
}

async function startReplica(env: NodeJS.ProcessEnv, overrides: Partial<Context>): Promise<LimitedGateway> {
  const config = loadConfig({ GATEWAY_PORT: '0', GATEWAY_METRICS_PORT: '0', LOG_LEVEL: 'silent', ...env });
  const gateway = await startGateway(config, {
    telemetry: startTelemetry({ service: 'gateway' }),
    verifier,
    logger: createLogger({ name: 'gateway', level: 'silent' }),
    routeSources: sources,
    ...overrides,
  });
  const url = `http://127.0.0.1:${gateway.port}`;
  return {
    url,
    metricsUrl: `http://127.0.0.1:${gateway.metricsPort}`,
    send: (line, { user, address, headers = {} } = {}) =>
      request(url, line, {
        ...(line.startsWith('POST') ? { body: {} } : {}),
        headers: {
          ...(user === undefined ? {} : { authorization: `Bearer ${user}` }),
          ...(address === undefined ? {} : { 'x-forwarded-for': address }),
          ...headers,
        },
      }),
    close: () => gateway.close(),
  };
}

/** How many of the answers have a status. */
export function countStatus(replies: readonly { status: number }[], status: number): number {
  return replies.filter((reply) => reply.status === status).length;
}

/** Asks again until it is so. Rejects after ten seconds. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('it never came to be so');
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
