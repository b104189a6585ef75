import { SettingsError } from './read-settings.ts';

export interface RunningStandin {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Runs a stand-in as a process: one JSON line when it is ready, a clean end on SIGTERM or SIGINT, one clear line on failure. */
export async function runStandin(name: string, start: () => Promise<RunningStandin>): Promise<void> {
  let standin: RunningStandin;
  try {
    standin = await start();
  } catch (error) {
    console.error(`${name}: ${describeFailure(error)}`);
    process.exitCode = 1;
    return;
  }
  const stop = () => void standin.close();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write(
    `${JSON.stringify({ level: 'info', name, msg: 'ready', http_port: standin.port, url: standin.url })}\n`,
  );
}

function describeFailure(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') return `port ${(error as { port?: number }).port} is in use`;
  return error instanceof Error ? error.message : String(error);
}
