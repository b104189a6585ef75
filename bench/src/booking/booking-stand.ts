import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabases, startInfrastructure, toInfrastructureSettings, waitFor } from '@mawid/dev-stack';
import { startTestIssuer, type TestIssuer } from '@mawid/service-kit/testing';
import pg from 'pg';
import { parentOf } from '../cpu.ts';

/** The booking service alone, as it runs in production, on a PostgreSQL that waits for the disk. */
export interface BookingStand {
  readonly grpcAddress: string;
  readonly metricsUrl: string;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly issuer: TestIssuer;
  /** The service and the whole of PostgreSQL. */
  readonly processes: Readonly<Record<'booking' | 'postgres', number>>;
  /** One connection as the service's role. */
  readonly client: pg.Client;
  /** Brings to the disk what is to be written, so that none of it falls into what is measured. */
  settle(): Promise<void>;
  /** Holds the service still while something else is measured. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

export async function startBookingStand(): Promise<BookingStand> {
  const folder = await mkdtemp(join(tmpdir(), 'mawid-bench-'));
  const settings = toInfrastructureSettings(process.env);
  const infrastructure = await startInfrastructure({ folder, settings, durable: true });
  const passwords = { identity: 'bench', booking: 'bench', payments: 'bench', notify: 'bench' };
  const databaseUrl = (await createDatabases(infrastructure.postgresUrl, passwords)).booking;
  const issuer = await startTestIssuer();
  const { natsUrl } = infrastructure;
  const service = await startService({ databaseUrl, natsUrl, jwksUrl: issuer.jwksUrl });
  const client = new pg.Client(databaseUrl);
  await client.connect();
  return {
    ...{ grpcAddress: service.grpcAddress, metricsUrl: service.metricsUrl, databaseUrl, natsUrl, issuer, client },
    processes: { booking: service.pid, postgres: await findPostgres(client) },
    settle: () => checkpoint(infrastructure.postgresUrl),
    pause: () => void process.kill(service.pid, 'SIGSTOP'),
    resume: () => void process.kill(service.pid, 'SIGCONT'),
    async close() {
      await client.end();
      await service.close();
      await issuer.close();
      await infrastructure.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function checkpoint(adminUrl: string): Promise<void> {
  const admin = new pg.Client(adminUrl);
  await admin.connect();
  await admin.query('CHECKPOINT');
  await admin.end();
}

interface ServicePlaces {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly jwksUrl: string;
}

async function startService({ databaseUrl, natsUrl, jwksUrl }: ServicePlaces) {
  const [grpcPort, httpPort] = [await findFreePort(), await findFreePort()];
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../../services/booking/src/main.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      ...{ BOOKING_DATABASE_URL: databaseUrl, NATS_URL: natsUrl, IDENTITY_JWKS_URL: jwksUrl, LOG_LEVEL: 'warn' },
      ...{ BOOKING_GRPC_PORT: String(grpcPort), BOOKING_HTTP_PORT: String(httpPort) },
    },
  });
  const ended = once(child, 'exit');
  const isReady = () =>
    fetch(`http://127.0.0.1:${httpPort}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await waitFor(isReady, (ready) => ready || undefined, 30_000);
  return {
    grpcAddress: `127.0.0.1:${grpcPort}`,
    metricsUrl: `http://127.0.0.1:${httpPort}/metrics`,
    pid: child.pid ?? 0,
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function findFreePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

// The server's first process is the parent of the one that serves our connection.
async function findPostgres(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return parentOf(rows[0]?.pid ?? 0);
}
