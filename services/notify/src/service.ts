import { join } from 'node:path';
import type { Closable, ServiceDefinition } from '@mawid/service-kit';
import { type Config, loadConfig } from './config.ts';
import { type Context, closeContext, createContext } from './context.ts';
import { startConsumers } from './events/index.ts';
import { startJobs, startLanes } from './jobs/index.ts';
import { routes } from './rpc/index.ts';

export type { Config } from './config.ts';
export type { Context } from './context.ts';

export const notifyService: ServiceDefinition<Config, Context> = {
  name: 'notify',
  loadConfig,
  createContext,
  routes,
  startWorkers,
  closeContext,
  migrations: join(import.meta.dirname, '..', 'prisma', 'migrations'),
};

async function startWorkers(ctx: Context): Promise<Closable[]> {
  // The lanes first: what a process left behind when it was killed goes out before anything new.
  const lanes = startLanes(ctx);
  return [...(await startConsumers(ctx, lanes)), lanes.code, lanes.text, ...startJobs(ctx)];
}
