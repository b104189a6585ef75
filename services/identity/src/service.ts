import { join } from 'node:path';
import type { ServiceDefinition } from '@mawid/service-kit';
import { type Config, loadConfig } from './config.ts';
import { type Context, closeContext, createContext } from './context.ts';
import { startConsumers } from './events/index.ts';
import { startWorkers } from './jobs/index.ts';
import { jwksRoute } from './keys/jwks-route.ts';
import { routes } from './rpc/index.ts';

export const identityService: ServiceDefinition<Config, Context> = {
  name: 'identity',
  loadConfig,
  createContext,
  routes,
  http: (ctx) => [jwksRoute(ctx)],
  startWorkers: async (ctx) => [...(await startWorkers(ctx)), await startConsumers(ctx)],
  closeContext,
  migrations: join(import.meta.dirname, '../prisma/migrations'),
};
