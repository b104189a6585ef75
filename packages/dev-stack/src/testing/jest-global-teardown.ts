import type { SharedPostgres } from './test-infrastructure.ts';

/** Ends what the global setup has started; it runs in the same process. */
// biome-ignore lint/style/noDefaultExport: jest asks for a default export here
export default async function teardown(): Promise<void> {
  await (globalThis as { mawidSharedPostgres?: SharedPostgres }).mawidSharedPostgres?.close();
}
