// The real gateway in front of the book service: `gateway.ts <library> <port of the service>`, settings from the environment.
import { create, createRegistry } from '@bufbuild/protobuf';
import { createGrpcTransport as createConnectTransport } from '@connectrpc/connect-node';
import { AccessRuleSchema, RestOptionsSchema } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import { loadConfig, startGateway } from '@mawid/gateway';
import { createGrpcTransport } from '@mawid/rpc';
import { clientInterceptors, startTelemetry } from '@mawid/service-kit';
import {
  file_gateway_test_v1_library_service,
  LibraryService,
} from '../../gateway/tests/gen/gateway/test/v1/library_service_pb.js';
import { serveParent } from '../src/serve-parent.ts';

const [, , library, port] = process.argv;
const config = loadConfig(process.env);
const telemetry = startTelemetry({
  service: 'gateway',
  otlpEndpoint: config.otlpEndpoint,
  sampleRatio: config.traceSampleRatio,
});
const interceptors = clientInterceptors({ peer: 'gateway', telemetry });
const transport =
  library === 'connect'
    ? { ...createConnectTransport({ baseUrl: `http://127.0.0.1:${port}`, interceptors }), close: () => undefined }
    : createGrpcTransport(`127.0.0.1:${port}`, { interceptors });
const gateway = await startGateway(config, {
  telemetry,
  transports: { test: transport },
  routeSources: {
    services: [LibraryService],
    registry: createRegistry(file_gateway_test_v1_library_service),
    accessRuleOf: () => create(AccessRuleSchema, { signedIn: true }),
    restOptionsOf: ({ name }) =>
      name === 'CreateBook' ? create(RestOptionsSchema, { successStatus: 201 }) : undefined,
  },
});
serveParent({ port: gateway.port });
