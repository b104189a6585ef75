import { create, createRegistry, type DescService, type MessageInitShape } from '@bufbuild/protobuf';
import { file_google_protobuf_duration } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import { AccessRuleSchema, RestOptionsSchema } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import type { GrpcServerOptions, Routes } from '@mawid/rpc';
import type { RouteSources } from '../../src/rest/routes.ts';

/** An API to put behind a gateway under test. */
export interface TestApi {
  readonly routes: Routes;
  readonly sources: RouteSources;
  /** How its gRPC server differs from the usual. */
  readonly server?: Partial<GrpcServerOptions>;
}

export interface MethodOptions {
  /** Public where it is not told. */
  readonly access?: MessageInitShape<typeof AccessRuleSchema>;
  readonly rest?: MessageInitShape<typeof RestOptionsSchema>;
}

/** One service with its handlers; `options` are by method name. */
export function toTestApi<T extends DescService>(
  service: T,
  handlers: ServiceImpl<T>,
  options: Readonly<Record<string, MethodOptions>> = {},
): TestApi {
  return {
    routes: (router) => void router.service(service, handlers),
    sources: {
      services: [service],
      registry: createRegistry(service.file, file_google_protobuf_duration),
      accessRuleOf: (method) => create(AccessRuleSchema, options[method.name]?.access ?? { public: true }),
      restOptionsOf: (method) => create(RestOptionsSchema, options[method.name]?.rest ?? {}),
    },
  };
}
