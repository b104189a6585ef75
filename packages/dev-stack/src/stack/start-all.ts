import { type ManagedProcess, type Program, startProgram } from '../processes/program.ts';

/** Starts the programs at once. When one fails, stops the others and rejects with its error. */
export async function startAll(programs: readonly Program[]): Promise<ManagedProcess[]> {
  const results = await Promise.allSettled(programs.map(startProgram));
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (!failed) return started;
  await Promise.all(started.map((process) => process.stop()));
  throw failed.reason;
}
