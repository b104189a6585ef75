import { join } from 'node:path';
import type { ServiceDefinition } from '@mawid/service-kit';
import { type Config, loadConfig } from './config.ts';
import { type Context, closeContext, createContext } from './context.ts';
import { startConsumers } from './events/index.ts';
import { startJobs } from './jobs/index.ts';
import { createRoutes } from './rpc/index.ts';
import { startCalendarTail } from './stream/start-calendar-tail.ts';

export type { Config } from './config.ts';
export type { Context } from './context.ts';

export const bookingService: ServiceDefinition<Config, Context> = {
  name: 'booking',
  loadConfig,
  createContext,
  routes: createRoutes,
  startWorkers: async (ctx) => [...startJobs(ctx), await startConsumers(ctx), startCalendarTail(ctx)],
  closeContext,
  migrations: join(import.meta.dirname, '../prisma/migrations'),
};
