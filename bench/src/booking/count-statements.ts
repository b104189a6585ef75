/** How many statements of each name the service has sent to PostgreSQL, by its own count. */
async function readCounts(metricsUrl: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const text = await (await fetch(metricsUrl)).text();
  for (const [, labels = '', count] of text.matchAll(/^db_client_operation_duration_seconds_count\{(.*)\} (\d+)$/gm)) {
    const name = /db_query_summary="([^"]*)"/.exec(labels)?.[1] ?? '';
    counts.set(name, (counts.get(name) ?? 0) + Number(count));
  }
  return counts;
}

/** Statements per call of the work, which is done so many times; what runs beside it once in a while rounds away. */
export async function countStatements(
  metricsUrl: string,
  { calls, work }: { calls: number; work: () => Promise<void> },
): Promise<number> {
  await work();
  const before = await readCounts(metricsUrl);
  for (let n = 0; n < calls; n += 1) await work();
  const after = await readCounts(metricsUrl);
  const grown = [...after].map(([name, count]) => Math.round((count - (before.get(name) ?? 0)) / calls));
  return grown.reduce((sum, each) => sum + each, 0);
}
