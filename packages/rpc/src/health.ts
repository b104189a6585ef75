import type { DescService } from '@bufbuild/protobuf';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import {
  type Health as HealthDescriptor,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from './gen/grpc/health/v1/health_pb.js';

/** What grpc.health.v1 says of this process. */
export interface Health {
  /** Sets whether a service (its full name; '' is the whole process) answers. Those watching it are told. */
  set(service: string, serving: boolean): void;
}

/** A Health together with the service that tells it to callers. */
export interface HealthService extends Health {
  readonly implementation: ServiceImpl<typeof HealthDescriptor>;
  /** Says NOT_SERVING for everything, for good, and ends the watches: their callers then look elsewhere. */
  shutdown(): void;
}

type Listener = () => void;

/**
 * A health service that knows the given services and '' (the whole process), all SERVING at first. Check answers
 * NOT_FOUND for others, Watch SERVICE_UNKNOWN until they are set.
 */
export function createHealth(services: readonly DescService[]): HealthService {
  const statuses = new Map<string, ServingStatus>([['', ServingStatus.SERVING]]);
  for (const service of services) statuses.set(service.typeName, ServingStatus.SERVING);
  const listeners = new Set<Listener>();
  let down = false;

  function notify(): void {
    for (const listener of [...listeners]) listener();
  }

  async function* watch(service: string, signal: AbortSignal): AsyncGenerator<{ status: ServingStatus }> {
    let told: ServingStatus | undefined;
    while (!signal.aborted) {
      const status = statuses.get(service) ?? ServingStatus.SERVICE_UNKNOWN;
      if (status !== told) yield { status };
      told = status;
      if (down) throw new ConnectError('the server is shutting down', Code.Unavailable);
      if (status === (statuses.get(service) ?? ServingStatus.SERVICE_UNKNOWN)) await change(listeners, signal);
    }
  }

  return {
    set(service, serving) {
      if (down) return;
      statuses.set(service, serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
      notify();
    },
    shutdown() {
      if (down) return;
      for (const service of statuses.keys()) statuses.set(service, ServingStatus.NOT_SERVING);
      down = true;
      notify();
    },
    implementation: {
      check({ service }) {
        const status = statuses.get(service);
        if (status === undefined) throw new ConnectError('unknown service', Code.NotFound);
        return { status };
      },
      list() {
        return { statuses: Object.fromEntries([...statuses].map(([name, status]) => [name, { status }])) };
      },
      watch: ({ service }, context) => watch(service, context.signal),
    },
  };
}

/** Resolves at the next change of any status, or when the signal is aborted. */
function change(listeners: Set<Listener>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    function done(): void {
      listeners.delete(done);
      signal.removeEventListener('abort', done);
      resolve();
    }
    listeners.add(done);
    signal.addEventListener('abort', done);
  });
}
