import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { BookingInternalService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { createGrpcTransport } from '@mawid/rpc';
import { headersOf } from '@mawid/service-kit/testing';

jest.setTimeout(60_000);

const main = join(import.meta.dirname, 'support', 'fixture-main.ts');

interface Run {
  child: ChildProcess;
  output: { stdout: string; stderr: string };
  exit: Promise<number | null>;
}

function start(env: Record<string, string>): Run {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, ...env }, stdio: 'pipe' });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (output.stdout += data));
  child.stderr.on('data', (data) => (output.stderr += data));
  return { child, output, exit: once(child, 'exit').then(([code]) => code as number | null) };
}

describe('runMain', () => {
  let infrastructure: TestInfrastructure;
  let working: Record<string, string>;

  beforeAll(async () => {
    infrastructure = await startTestInfrastructure();
    working = {
      BOOKING_DATABASE_URL: await infrastructure.databaseUrl(),
      BOOKING_GRPC_PORT: '0',
      BOOKING_HTTP_PORT: '0',
      NATS_URL: infrastructure.natsUrl,
    };
  });
  afterAll(() => infrastructure.close());

  async function failWith(env: Record<string, string>): Promise<string> {
    const { exit, output } = start({ ...working, ...env });
    expect(await exit).toBe(1);
    expect(output.stdout).toBe('');
    return output.stderr;
  }

  it('names every wrong setting in one line', async () => {
    expect(await failWith({ BOOKING_GRPC_PORT: 'x', DRAIN_GRACE_MS: '1', NATS_URL: 'http://nats' })).toBe(
      'booking: wrong settings: BOOKING_GRPC_PORT must be a port (0 to 65535); NATS_URL must be a nats:// or tls:// URL; ' +
        'DRAIN_GRACE_MS must be a whole number from 100 to 300000\n',
    );
  });

  it('says in one line which server it cannot reach, without a password', async () => {
    expect(await failWith({ BOOKING_DATABASE_URL: 'postgres://booking:hunter2@127.0.0.1:9/booking' })).toBe(
      'booking: cannot reach PostgreSQL at 127.0.0.1:9 (BOOKING_DATABASE_URL): connection refused\n',
    );
    expect(await failWith({ NATS_URL: 'nats://127.0.0.1:9' })).toBe(
      'booking: cannot reach NATS at 127.0.0.1:9 (NATS_URL): connection refused\n',
    );
    const url = new URL(working.BOOKING_DATABASE_URL ?? '');
    url.password = 'hunter2';
    expect(await failWith({ BOOKING_DATABASE_URL: url.href })).toMatch(
      /^booking: cannot reach PostgreSQL at [\w.:]+ \(BOOKING_DATABASE_URL\): wrong user or password\n$/,
    );
  });

  it('says which port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    expect(await failWith({ BOOKING_GRPC_PORT: port })).toBe(`booking: port ${port} is in use (BOOKING_GRPC_PORT)\n`);
    expect(await failWith({ BOOKING_HTTP_PORT: port })).toBe(`booking: port ${port} is in use (BOOKING_HTTP_PORT)\n`);
    taken.close();
  });

  it('says when it is ready, and on SIGTERM finishes its calls and exits 0', async () => {
    const { child, output, exit } = start(working);
    const ready = await readyLine(child, output);
    const transport = createGrpcTransport(`127.0.0.1:${ready.grpc_port}`);
    const client = createClient(BookingInternalService, transport);
    const headers = headersOf({ peer: 'notify' });
    const bookingId = '019abc00-0000-7000-8000-000000000001';
    await client.getBookingState({ bookingId }, { headers });
    const calls = Array.from({ length: 20 }, () => client.getBookingState({ bookingId }, { headers }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    expect((await Promise.all(calls)).map((answer) => answer.version)).toEqual(Array(20).fill(7n));
    transport.close();
    expect(await exit).toBe(0);
    expect(output.stderr).toBe('');
  });
});

async function readyLine(
  child: ChildProcess,
  output: Run['output'],
): Promise<{ grpc_port: number; http_port: number }> {
  for (;;) {
    const line = output.stdout.split('\n').find((each) => each.includes('"msg":"ready"'));
    if (line) return JSON.parse(line) as { grpc_port: number; http_port: number };
    if (child.exitCode !== null) throw new Error(`exited: ${output.stderr}`);
    await once(child.stdout as NodeJS.EventEmitter, 'data');
  }
}
