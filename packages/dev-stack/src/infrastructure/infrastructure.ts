import { join } from 'node:path';
import { cacheFolder } from '../paths.ts';
import { startNatsContainer, startPostgresContainer } from './containers.ts';
import { startNatsServer } from './nats-server.ts';
import { startPostgresServer } from './postgres-server.ts';
import type { InfrastructureSettings } from './settings.ts';

/** How PostgreSQL and NATS are to be run where they are run by us. */
export interface InfrastructureOptions {
  /** Holds `postgres/` and `nats/`. */
  folder: string;
  settings: InfrastructureSettings;
  /** Whether data must survive a power failure: true for people's data, false for tests. */
  durable: boolean;
  postgresPort?: number;
  natsPort?: number;
  /** Default: `.cache` in the repository. */
  cacheFolder?: string;
  /** Whether packages of the operating system may be fetched. Default true. */
  download?: boolean;
}

/** Something that runs at a URL. Closing it ends only what was started for it. */
export interface Provided {
  url: string;
  close(): Promise<void>;
}

/** Both servers. */
export interface Infrastructure {
  /** The administrator's URL of the PostgreSQL server. */
  postgresUrl: string;
  natsUrl: string;
  close(): Promise<void>;
}

/**
 * Provides PostgreSQL and NATS: from the URLs in the settings, else from containers where asked, else from programs on
 * this machine. Rejects with InfrastructureError or PortInUseError, and leaves nothing running then.
 */
export async function startInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const results = await Promise.allSettled([providePostgres(options), provideNats(options)]);
  const [postgres, nats] = results;
  if (postgres.status === 'fulfilled' && nats.status === 'fulfilled') {
    const close = async () => void (await Promise.all([postgres.value.close(), nats.value.close()]));
    return { postgresUrl: postgres.value.url, natsUrl: nats.value.url, close };
  }
  for (const result of results) if (result.status === 'fulfilled') await result.value.close();
  throw results.find((result) => result.status === 'rejected')?.reason;
}

/** PostgreSQL alone; see startInfrastructure. The URL is the administrator's. */
export async function providePostgres(options: InfrastructureOptions): Promise<Provided> {
  const { postgresUrl, source } = options.settings;
  if (postgresUrl) return { url: postgresUrl, close: async () => undefined };
  if (source === 'testcontainers') return startPostgresContainer();
  const server = await startPostgresServer({
    folder: join(options.folder, 'postgres'),
    durable: options.durable,
    ...(options.postgresPort === undefined ? {} : { port: options.postgresPort }),
  });
  return { url: server.adminUrl, close: server.close };
}

/** NATS alone; see startInfrastructure. */
export async function provideNats(options: InfrastructureOptions): Promise<Provided> {
  const { natsUrl, source, searchPath } = options.settings;
  if (natsUrl) return { url: natsUrl, close: async () => undefined };
  if (source === 'testcontainers') return startNatsContainer();
  return startNatsServer({
    folder: join(options.folder, 'nats'),
    searchPath,
    cacheFolder: options.cacheFolder ?? cacheFolder,
    download: options.download ?? true,
    ...(options.natsPort === undefined ? {} : { port: options.natsPort }),
  });
}
