import { StartupError } from './startup-error.ts';

const plainWords: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found',
  ETIMEDOUT: 'timed out',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'host unreachable',
  '28P01': 'wrong user or password',
  '28000': 'access refused',
  '3D000': 'no such database',
  '53300': 'too many connections',
  '57P03': 'the server is starting up',
  TIMEOUT: 'timed out',
  CONNECTION_REFUSED: 'connection refused',
};

/** `cannot reach PostgreSQL at host:port (BOOKING_DATABASE_URL): connection refused`; never with a password. */
export function describeUnreachable(
  what: string,
  target: { url: string; setting: string },
  error: unknown,
): StartupError {
  const { hostname, port } = new URL(target.url.split(',')[0] ?? target.url);
  const where = port ? `${hostname}:${port}` : hostname;
  return new StartupError(`cannot reach ${what} at ${where} (${target.setting}): ${reasonOf(error)}`, { cause: error });
}

function reasonOf(error: unknown): string {
  const seen = [error, (error as { cause?: unknown })?.cause, ...((error as AggregateError)?.errors ?? [])];
  for (const each of seen) {
    const code = (each as { code?: string } | undefined)?.code;
    if (code && plainWords[code]) return plainWords[code];
  }
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? 'unknown';
}
