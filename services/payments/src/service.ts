import { join } from 'node:path';
import { type Closable, type ServiceDefinition, startConsumer } from '@mawid/service-kit';
import { type Config, loadConfig } from './config.ts';
import { type Context, closeContext, createContext } from './context.ts';
import { subscriptions } from './events/index.ts';
import { startJobs } from './jobs/index.ts';
import { routes } from './rpc/index.ts';

export const paymentsService: ServiceDefinition<Config, Context> = {
  name: 'payments',
  loadConfig,
  createContext,
  routes,
  startWorkers,
  closeContext,
  migrations: join(import.meta.dirname, '..', 'prisma', 'migrations'),
};

async function startWorkers(ctx: Context): Promise<Closable[]> {
  const { database, nats, logger, telemetry, config } = ctx;
  const afterCommit = () => ctx.wakes.wake('send-refunds');
  const consumer = await startConsumer({
    service: 'payments',
    database,
    nats,
    subscriptions: subscriptions(ctx),
    logger,
    telemetry,
    streamReplicas: config.core.streamReplicas,
    afterCommit,
  });
  return [consumer, ...startJobs(ctx)];
}
