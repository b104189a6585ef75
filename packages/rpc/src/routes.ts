import type { DescMethod, DescService } from '@bufbuild/protobuf';
import {
  type ConnectRouter,
  createMethodImplSpec,
  createServiceImplSpec,
  type Interceptor,
  type MethodImpl,
  type MethodImplSpec,
  type ServiceImpl,
} from '@connectrpc/connect';

/** What a service serves: registers its implementations on a router. The same function feeds both wires. */
export type Routes = (router: ConnectRouter) => void;

/** One RPC with its implementation, and the interceptors it asked for instead of the server's. */
export interface Route {
  path: string;
  spec: MethodImplSpec;
  interceptors: Interceptor[] | undefined;
}

interface RouteOptions {
  interceptors?: Interceptor[];
}

/** Runs the routes against a router that only takes notes. Throws when one RPC is registered twice. */
export function collectRoutes(routes: Routes): Route[] {
  const collected = new Map<string, Route>();
  function add(spec: MethodImplSpec, options: RouteOptions | undefined): void {
    const path = toPath(spec.method);
    if (collected.has(path)) throw new Error(`${path} is registered twice`);
    collected.set(path, { path, spec, interceptors: options?.interceptors });
  }
  const router: ConnectRouter = {
    handlers: [],
    service<T extends DescService>(service: T, implementation: Partial<ServiceImpl<T>>, options?: RouteOptions) {
      for (const spec of Object.values(createServiceImplSpec(service, implementation).methods)) add(spec, options);
      return router;
    },
    rpc<M extends DescMethod>(method: M, implementation: MethodImpl<M>, options?: RouteOptions) {
      add(createMethodImplSpec(method, implementation) as MethodImplSpec, options);
      return router;
    },
  } as ConnectRouter;
  routes(router);
  return [...collected.values()];
}

/** The services of some routes, each once. */
export function servicesOf(routes: readonly Route[]): DescService[] {
  return [...new Set(routes.map((route) => route.spec.method.parent))];
}

/** The path of an RPC on every wire: `/package.Service/Method`. */
export function toPath(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}
