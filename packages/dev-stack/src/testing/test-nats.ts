import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NatsServer, startNatsServer } from '../infrastructure/nats-server.ts';
import { toInfrastructureSettings } from '../infrastructure/settings.ts';
import { cacheFolder } from '../paths.ts';
import { freePort } from '../processes/free-port.ts';
import { createTestFolder, removeTestFolder } from './test-folder.ts';

/** A NATS server with JetStream that a test may stop and start; it comes back at the same address, with what it had stored. */
export interface TestNats {
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Lets it hold its connections and answer nothing, until thawed. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

/** Makes a server of the test's own, not yet started. */
export async function createTestNats(env: NodeJS.ProcessEnv = process.env): Promise<TestNats> {
  const folder = await createTestFolder();
  const port = await freePort();
  const { searchPath } = toInfrastructureSettings(env);
  let server: NatsServer | undefined;
  const stop = async (): Promise<void> => {
    await server?.close();
    server = undefined;
  };
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    process.kill(Number(await readFile(join(folder, 'nats', 'nats-server.pid'), 'utf8')), name);
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    stop,
    async start() {
      server = await startNatsServer({ folder: join(folder, 'nats'), port, searchPath, cacheFolder, download: true });
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async close() {
      await stop();
      await removeTestFolder(folder);
    },
  };
}
