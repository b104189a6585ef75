import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Certificates, Routes } from '@mawid/rpc';
import type { Closable } from '../closable.ts';
import type { CoreConfig, ServiceName } from '../config/core-config.ts';
import type { Database } from '../database/types.ts';
import type { NatsConnection } from '../events/nats.ts';
import type { Relay } from '../events/relay.ts';
import type { Logger } from '../logger/create-logger.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';

/** What the frame itself uses of a service's context. */
export interface ServiceContext {
  logger: Logger;
  telemetry: Telemetry;
  database: Database;
  /** Where ended sessions are heard of; without it identity is asked. */
  nats?: NatsConnection | undefined;
  relay?: Relay | undefined;
  certificates?: Certificates | undefined;
}

/** A plain HTTP route beside the RPCs. */
export interface HttpRoute {
  method: 'GET' | 'POST';
  /** The whole path, without a query. */
  path: string;
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
}

/** A service: the same five steps for each. */
export interface ServiceDefinition<C extends { core: CoreConfig }, X extends ServiceContext> {
  name: ServiceName;
  /** Throws ConfigError. */
  loadConfig(env: NodeJS.ProcessEnv): C;
  createContext(config: C, overrides?: Partial<X>): Promise<X> | X;
  routes(ctx: X): Routes;
  http?(ctx: X): HttpRoute[];
  /** Consumers and jobs. */
  startWorkers(ctx: X): Promise<Closable[]> | Closable[];
  /** Closes what `createContext` made; telemetry and certificates excepted, which the frame closes last. */
  closeContext(ctx: X): Promise<void>;
  /** Folder of the migrations. */
  migrations: string;
}

/** A started service. */
export interface RunningService<X> {
  readonly grpcPort: number;
  readonly httpPort: number;
  readonly ctx: X;
  /** True when every event is published and every worker has nothing left to do. */
  settled(): Promise<boolean>;
  /** Not ready → drain → workers → context → telemetry. A second call waits for the first. */
  close(): Promise<void>;
}
