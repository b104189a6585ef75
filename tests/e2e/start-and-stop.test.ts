import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { type DatabaseName, databaseNames } from '@mawid/dev-stack';
import { createGrpcTransport } from '@mawid/rpc';
import { startTestStack, type TestStack } from './test-stack.ts';

let stack: TestStack;
const root = join(import.meta.dirname, '../..');

beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);

afterAll(() => stack?.close());

/** Runs a service's program until it ends; what it wrote to stderr, and its exit code. */
function runService(name: string, env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [join(root, `services/${name}/src/main.ts`)], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stderr })));
}

function environmentOf(name: DatabaseName): Record<string, string> {
  const upper = name.toUpperCase();
  return {
    [`${upper}_DATABASE_URL`]: stack.databaseUrls[name],
    [`${upper}_GRPC_PORT`]: '0',
    [`${upper}_HTTP_PORT`]: '0',
    NATS_URL: stack.natsUrl,
  };
}

describe.each(databaseNames)('%s', (name) => {
  const upper = name.toUpperCase();

  it('names every wrong setting in one message and refuses to start', async () => {
    const env = {
      ...environmentOf(name),
      [`${upper}_GRPC_PORT`]: 'x',
      [`${upper}_HTTP_PORT`]: '99999',
      NATS_URL: 'no',
    };
    const { code, stderr } = await runService(name, env);
    expect(code).toBe(1);
    for (const setting of [`${upper}_GRPC_PORT`, `${upper}_HTTP_PORT`, 'NATS_URL']) expect(stderr).toContain(setting);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('says in one line that its port is in use', async () => {
    const [, port] = stack.grpc[name].split(':');
    const { code, stderr } = await runService(name, { ...environmentOf(name), [`${upper}_GRPC_PORT`]: String(port) });
    expect([code, stderr.trim().split('\n').length]).toEqual([1, 1]);
    expect(stderr).toContain(`port ${port} is in use`);
  });

  it('says in one line that PostgreSQL cannot be reached, without the password', async () => {
    const url = `postgres://${name}:hush-hush@127.0.0.1:1/${name}`;
    const { code, stderr } = await runService(name, { ...environmentOf(name), [`${upper}_DATABASE_URL`]: url });
    expect([code, stderr.trim().split('\n').length]).toEqual([1, 1]);
    expect(stderr).toContain(`${upper}_DATABASE_URL`);
    expect(stderr).not.toContain('hush-hush');
  });

  it('says in one line that NATS cannot be reached', async () => {
    const { code, stderr } = await runService(name, { ...environmentOf(name), NATS_URL: 'nats://127.0.0.1:1' });
    expect([code, stderr.trim().split('\n').length]).toEqual([1, 1]);
    expect(stderr).toContain('NATS');
  });

  it('shows its metrics, health and traces of the seed', async () => {
    const answers = await Promise.all(
      ['livez', 'readyz', 'metrics'].map((path) => fetch(`${stack.urls.http[name]}/${path}`)),
    );
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(await answers[2]?.text()).toContain('rpc_server_call_duration_seconds');
  });
});

describe('SIGTERM under load', () => {
  it('ends booking within its grace time without a failed call of a client that has another replica', async () => {
    const replica = await startReplica();
    const transport = createGrpcTransport(`ipv4:${stack.grpc.booking},127.0.0.1:${replica.port}`);
    const catalog = createClient(CatalogService, transport);
    const failures: unknown[] = [];
    let [calls, running] = [0, true];
    const load = Array.from({ length: 16 }, async () => {
      while (running) {
        calls += 1;
        await catalog.listSalons({}).catch((error: unknown) => failures.push(error));
      }
    });
    await until(() => calls > 500);
    const begun = performance.now();
    replica.child.kill('SIGTERM');
    const exit = await replica.exited;
    const took = performance.now() - begun;
    const atExit = calls;
    await until(() => calls > atExit + 500);
    running = false;
    await Promise.all(load);
    transport.close();
    expect(failures.map(String)).toEqual([]);
    expect(exit).toBe(0);
    expect(took).toBeLessThan(15_000);
  });

  async function startReplica() {
    const env = { ...environmentOf('booking'), PATH: process.env.PATH ?? '' };
    const child = spawn(process.execPath, [join(root, 'services/booking/src/main.ts')], {
      env: { ...env, IDENTITY_JWKS_URL: `${stack.urls.http.identity}/.well-known/jwks.json` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
    const port = await new Promise<number>((resolve, reject) => {
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += chunk;
        const ready = /"grpc_port":(\d+)/.exec(output)?.[1];
        if (ready !== undefined) resolve(Number(ready));
      });
      child.once('close', () => reject(new Error(output)));
    });
    return { child, exited, port };
  }

  async function until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (!condition() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(condition()).toBe(true);
  }
});
