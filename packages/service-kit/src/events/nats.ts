import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { describeUnreachable } from '../errors/describe-unreachable.ts';
import { StartupError } from '../errors/startup-error.ts';

export type { NatsConnection } from '@nats-io/transport-node';

export interface NatsOptions {
  url: string;
  /** Client name, seen in the server's monitoring. */
  name: string;
}

/** The oldest server whose JetStream has what we use. */
const oldest = [2, 9, 4] as const;

/**
 * Connects once, then reconnects for ever. Throws StartupError, one line, when no server answers now, the server is too
 * old, or it has no JetStream.
 */
export async function connectNats({ url, name }: NatsOptions): Promise<NatsConnection> {
  const nats = await openConnection(url, name);
  try {
    requireVersion(nats.info?.version ?? '');
    await jetstreamManager(nats, { timeout: 5_000 });
    return nats;
  } catch (error) {
    await nats.close();
    if (error instanceof StartupError) throw error;
    throw new StartupError(`NATS has no JetStream (start it with -js): ${(error as Error).message}`, { cause: error });
  }
}

async function openConnection(url: string, name: string): Promise<NatsConnection> {
  try {
    return await connect({
      servers: url.split(',').map((each) => each.trim()),
      name,
      timeout: 5_000,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      reconnectJitter: 250,
      pingInterval: 10_000,
      maxPingOut: 2,
      ignoreAuthErrorAbort: true,
    });
  } catch (error) {
    throw describeUnreachable('NATS', { url, setting: 'NATS_URL' }, error);
  }
}

function requireVersion(version: string): void {
  const parts = version.split(/[.-]/).map(Number);
  const difference = oldest.map((part, index) => (parts[index] ?? 0) - part).find((each) => each !== 0) ?? 0;
  if (difference < 0) throw new StartupError(`NATS is ${version}, needed is ${oldest.join('.')} or newer`);
}
