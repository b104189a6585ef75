import { Health as HealthDescriptor } from './gen/grpc/health/v1/health_pb.js';
import { ServerReflection } from './gen/grpc/reflection/v1/reflection_pb.js';
import { ServerReflection as ServerReflectionAlpha } from './gen/grpc/reflection/v1alpha/reflection_pb.js';
import { createHealth, type HealthService } from './health.ts';
import { createReflection } from './reflection.ts';
import { collectRoutes, type Routes, servicesOf } from './routes.ts';

const standardDescriptors = [HealthDescriptor, ServerReflection, ServerReflectionAlpha];

/** Probes and tools call these without a token, and nobody wants their spans. */
const bare = { interceptors: [] };

/** The routes together with health and reflection, which tell of them all and have no interceptors. */
export function withStandardServices(
  routes: Routes,
  health: HealthService | undefined,
): { routes: Routes; health: HealthService } {
  const services = servicesOf(collectRoutes(routes));
  const healthService = health ?? createHealth(services);
  const reflection = createReflection([...services, ...standardDescriptors]);
  return {
    health: healthService,
    routes(router) {
      routes(router);
      router.service(HealthDescriptor, healthService.implementation, bare);
      router.service(ServerReflection, reflection.v1, bare);
      router.service(ServerReflectionAlpha, reflection.v1alpha, bare);
    },
  };
}
