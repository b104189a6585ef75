import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type CallOptions, createClient, type Transport } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { UserService } from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import { NotificationService } from '@mawid/contracts/gen/mawid/notify/v1/notification_service_pb.js';
import { PaymentService } from '@mawid/contracts/gen/mawid/payments/v1/payment_service_pb.js';
import { createCustomer, type DatabaseName, databaseNames, waitFor } from '@mawid/dev-stack';
import { createGrpcTransport } from '@mawid/rpc';
import { newPhone, startTestStack, type TestStack } from './test-stack.ts';

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

/** A call of each service that a customer may make, with the token of one. */
const calls: Record<DatabaseName, (transport: Transport, options: CallOptions) => Promise<unknown>> = {
  identity: (transport, options) => createClient(UserService, transport).getMe({}, options),
  booking: (transport, options) => createClient(BookingService, transport).listBookings({}, options),
  payments: (transport, options) => createClient(PaymentService, transport).listPayments({}, options),
  notify: (transport, options) => createClient(NotificationService, transport).listNotifications({}, options),
};

describe('SIGTERM under load', () => {
  let access: string;

  beforeAll(async () => {
    access = (await createCustomer(stack.urls, newPhone()).signIn()).body.access;
  });

  it.each(databaseNames)('ends %s within its grace time without a failed call', async (name) => {
    const replica = await startReplica(name);
    // As in a cluster: the callers know both replicas, and one of them is to go.
    const transport = createGrpcTransport(`ipv4:${stack.grpc[name]},127.0.0.1:${replica.port}`);
    const options = { headers: { authorization: `Bearer ${access}` } };
    const failures: string[] = [];
    let [done, running] = [0, true];
    const load = Array.from({ length: 16 }, async () => {
      while (running) {
        await calls[name](transport, options).catch((error: unknown) => failures.push(String(error)));
        done += 1;
      }
    });
    await waitFor(
      async () => done,
      (count) => (count > 300 ? true : undefined),
    );
    const begun = performance.now();
    replica.child.kill('SIGTERM');
    const exitCode = await replica.exited;
    const took = performance.now() - begun;
    const before = done;
    await waitFor(
      async () => done,
      (count) => (count > before + 300 ? true : undefined),
    );
    running = false;
    await Promise.all(load);
    transport.close();
    expect(failures).toEqual([]);
    expect(exitCode).toBe(0);
    expect(took).toBeLessThan(graceMs);
  });
});

const graceMs = 10_000;

async function startReplica(name: DatabaseName) {
  const child = spawn(process.execPath, [join(root, `services/${name}/src/main.ts`)], {
    env: {
      ...environmentOf(name),
      PATH: process.env.PATH,
      DRAIN_GRACE_MS: String(graceMs),
      IDENTITY_JWKS_URL: `${stack.urls.http.identity}/.well-known/jwks.json`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const port = await waitFor(
    async () => output,
    (text) => /"grpc_port":(\d+)/.exec(text)?.[1],
  );
  return { child, exited, port: Number(port) };
}
