import { providePostgres, startInfrastructure } from '../infrastructure/infrastructure.ts';
import { toInfrastructureSettings } from '../infrastructure/settings.ts';
import { createTemplate, createTestDatabase, dropTestDatabases } from './test-databases.ts';
import { createTestFolder, removeTestFolder } from './test-folder.ts';

/** PostgreSQL and NATS for one test file. */
export interface TestInfrastructure {
  /** A new, empty database with an owner of its own and the extension btree_gist; the URL is the owner's. */
  databaseUrl(label?: string): Promise<string>;
  /** A NATS server with JetStream that no other test file uses (but where NATS_URL names one). */
  natsUrl: string;
  close(): Promise<void>;
}

/**
 * Provides real servers to a test file, in about 0.1 s under jest's global setup, which boots one PostgreSQL for the whole
 * run, and in about 1 s without it. Call it in beforeAll, and close() in afterAll.
 */
export async function startTestInfrastructure(env: NodeJS.ProcessEnv = process.env): Promise<TestInfrastructure> {
  const shared = env.MAWID_TEST_POSTGRES_URL;
  const folder = await createTestFolder();
  const settings = { ...toInfrastructureSettings(env), ...(shared ? { postgresUrl: shared } : {}) };
  const { postgresUrl, natsUrl, close } = await startInfrastructure({ folder, settings, durable: false });
  await createTemplate(postgresUrl);
  const urls: string[] = [];
  return {
    natsUrl,
    async databaseUrl(label = 'any') {
      const url = await createTestDatabase(postgresUrl, label);
      urls.push(url);
      return url;
    },
    async close() {
      // A server of our own takes its databases with it.
      if (settings.postgresUrl) await dropTestDatabases(postgresUrl, urls);
      await close();
      await removeTestFolder(folder);
    },
  };
}

/** A server that lives as long as a whole test run. */
export interface SharedPostgres {
  url: string;
  close(): Promise<void>;
}

/** Boots the PostgreSQL that all test files of a run share. */
export async function startSharedPostgres(env: NodeJS.ProcessEnv): Promise<SharedPostgres> {
  const folder = await createTestFolder();
  const settings = toInfrastructureSettings(env);
  const postgres = await providePostgres({ folder, settings, durable: false });
  await createTemplate(postgres.url);
  const close = async () => {
    await postgres.close();
    await removeTestFolder(folder);
  };
  return { url: postgres.url, close };
}
