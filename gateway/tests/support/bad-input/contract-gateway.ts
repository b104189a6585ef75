import { create, type DescMessage, type DescService, type Message } from '@bufbuild/protobuf';
import type { ConnectRouter } from '@connectrpc/connect';
import { accessRuleOf, registry, restOptionsOf, services } from '@mawid/contracts';
import { createGrpcTransport, startGrpcServer } from '@mawid/rpc';
import {
  clientInterceptors,
  createLogger,
  parseNetworks,
  type Role,
  serverInterceptors,
  serviceNames,
  startTelemetry,
} from '@mawid/service-kit';
import type { Binding } from '../../../src/rest/binding.ts';
import { compileRoutes } from '../../../src/rest/routes.ts';
import { loadConfig, startGateway } from '../../../src/service.ts';

/** The real gateway with the routes of the real contract, in front of services that check requests as ours do and answer with nothing in particular. */
export interface ContractGateway {
  readonly port: number;
  readonly bindings: readonly Binding[];
  /** What was logged as a fault, by the gateway or a service. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

const session = { userId: '0192f000-0000-7000-8000-0000000000aa', sessionId: 'session-1', sessionVersion: 1 };

/** Tokens are the role; everything else is no token. */
const verifier = {
  verify: async (token: string) =>
    /^(?:customer|staff|manager|admin)$/.test(token)
      ? { ...session, role: token as Role, expiresAt: Date.now() + 60_000 }
      : undefined,
};

export async function startContractGateway(): Promise<ContractGateway> {
  const faults: string[] = [];
  const logger = createLogger({
    name: 'bad-input',
    level: 'error',
    destination: { write: (line) => void faults.push(line) },
  });
  const telemetry = startTelemetry({ service: 'gateway', sampleRatio: 0 });
  const trustedPeers = parseNetworks('127.0.0.0/8') ?? { includes: () => false };
  const server = await startGrpcServer(
    {
      routes: (router) => {
        for (const service of services) addService(router, service);
      },
      interceptors: serverInterceptors({
        telemetry: startTelemetry({ service: 'backend', sampleRatio: 0 }),
        logger,
        verifier,
        trustedPeers,
      }),
      onError: (error) => void faults.push(String(error)),
    },
    { host: '127.0.0.1', port: 0 },
  );
  const transport = createGrpcTransport(`127.0.0.1:${server.port}`, {
    interceptors: clientInterceptors({ peer: 'gateway', telemetry }),
  });
  const gateway = await startGateway(
    loadConfig({
      GATEWAY_PORT: '0',
      GATEWAY_METRICS_PORT: '0',
      GATEWAY_ACCESS_LOG: 'none',
      // A flood is what these are against, and none of what is tested here.
      RATE_LIMITS: 'off',
      OVERLOAD_MAX_DELAY_MS: '0',
      MAX_CONCURRENT_CALLS: '0',
    }),
    {
      telemetry,
      verifier,
      logger,
      transports: Object.fromEntries(serviceNames.map((name) => [name, transport])),
    },
  );
  const { bindings } = compileRoutes({ services, registry, accessRuleOf, restOptionsOf });
  return {
    port: gateway.port,
    bindings,
    faults,
    close: async () => {
      await gateway.close();
      await server.close();
    },
  };
}

function addService(router: ConnectRouter, service: DescService): void {
  const methods = service.methods.map((method) => {
    const answer = fullMessage(method.output, 2);
    const handle =
      method.methodKind === 'server_streaming'
        ? async function* () {
            yield answer;
          }
        : () => answer;
    return [method.localName, handle];
  });
  router.service(service, Object.fromEntries(methods));
}

/** A message with something in every field that holds a message, so that its JSON is more than the defaults. */
function fullMessage(type: DescMessage, depth: number): Message {
  const fields = type.fields.filter((field) => field.fieldKind === 'message' && !field.oneof && isPlain(field.message));
  const values =
    depth === 0 ? [] : fields.map((field) => [field.localName, fullMessage(field.message as DescMessage, depth - 1)]);
  return create(type, Object.fromEntries(values));
}

function isPlain(type: DescMessage | undefined): boolean {
  return type !== undefined && !/^google\.protobuf\.(?!Timestamp|Duration)/.test(type.typeName);
}
