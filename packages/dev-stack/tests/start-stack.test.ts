import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startPostgresServer } from '../src/infrastructure/postgres-server.ts';
import { freePort, freePorts } from '../src/processes/free-port.ts';
import { resolvePorts } from '../src/stack/ports.ts';
import { startStack } from '../src/stack/start-stack.ts';
import { createTestFolder, removeTestFolder } from '../src/testing/test-folder.ts';

describe('resolvePorts', () => {
  it('takes different free ports when asked', async () => {
    const ports = await resolvePorts('auto', {});
    expect(new Set(Object.values(ports)).size).toBe(Object.keys(ports).length);
    expect(ports).toMatchObject({ gateway: expect.any(Number), nats: expect.any(Number) });
  });

  it('names the setting of a port in use', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    const env = { ...(await freeSettings()), NOTIFY_GRPC_PORT: String(port) };
    const expected = `Port ${port} is in use: stop the program that listens there, or set NOTIFY_GRPC_PORT to another port.`;
    await expect(resolvePorts('fixed', env)).rejects.toThrow(expected);
    server.close();
  });

  it('refuses a setting that is no port', async () => {
    await expect(resolvePorts('fixed', { GATEWAY_PORT: '80a' })).rejects.toThrow('GATEWAY_PORT is not a port: 80a');
  });
});

describe('startStack', () => {
  it('refuses a folder that another system runs on', async () => {
    const folder = await createTestFolder();
    const dataFolder = join(folder, 'data');
    const server = await startPostgresServer({ folder: join(dataFolder, 'postgres'), durable: false });
    try {
      await expect(startStack({ dataFolder, ports: 'auto', fresh: true })).rejects.toThrow(
        'PostgreSQL is already running on',
      );
    } finally {
      await server.close();
      await removeTestFolder(folder);
    }
  });
});

async function freeSettings(): Promise<Record<string, string>> {
  const names = ['GATEWAY', 'GATEWAY_METRICS', 'MOYASAR_STANDIN', 'MESSAGES_STANDIN', 'POSTGRES', 'NATS'];
  for (const service of ['IDENTITY', 'BOOKING', 'PAYMENTS', 'NOTIFY']) names.push(`${service}_GRPC`, `${service}_HTTP`);
  const ports = await freePorts(names.length);
  return Object.fromEntries(names.map((name, index) => [`${name}_PORT`, String(ports[index])]));
}
