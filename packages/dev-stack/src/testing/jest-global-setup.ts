import { startSharedPostgres } from './test-infrastructure.ts';

/** Boots one PostgreSQL for all test files of the run; the workers inherit its URL. */
// biome-ignore lint/style/noDefaultExport: jest asks for a default export here
export default async function setup(): Promise<void> {
  const postgres = await startSharedPostgres(process.env);
  process.env.MAWID_TEST_POSTGRES_URL = postgres.url;
  (globalThis as { mawidSharedPostgres?: unknown }).mawidSharedPostgres = postgres;
}
