import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from '@connectrpc/connect';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { createGrpcTransport, type GrpcTransport } from '@mawid/rpc';
import { freePorts } from '../../../../packages/dev-stack/src/processes/free-port.ts';
import { type ManagedProcess, startProgram } from '../../../../packages/dev-stack/src/processes/program.ts';

/** Several processes of the real service on one database, which die and come back. */
export interface BookingFleet {
  /** A client to any of those that live. Waits while none does. */
  client(): Promise<Client<typeof BookingService>>;
  /** Kills one that lives, and starts it again beside. False when none lives. */
  killOne(): boolean;
  /** How many answer at this moment. */
  readonly living: number;
  /** Kills so far. */
  readonly kills: number;
  /** Every start has to have come to its end before, else this throws. */
  close(): Promise<void>;
}

export interface FleetOptions {
  readonly size: number;
  readonly env: Record<string, string>;
  readonly folder: string;
  /** From 0 to below 1. */
  random(): number;
}

interface Member {
  readonly process: ManagedProcess;
  readonly grpcPort: number;
  /** Undefined while it is dead. A channel of its own for each life: an old one would wait before it dials again. */
  transport: GrpcTransport | undefined;
  starting: Promise<void>;
}

const main = join(import.meta.dirname, '../../src/main.ts');

export async function startBookingFleet({ size, env, folder, random }: FleetOptions): Promise<BookingFleet> {
  const ports = await freePorts(size * 2);
  const members = await Promise.all(Array.from({ length: size }, (_, index) => startMember(index)));
  const dying: Promise<unknown>[] = [];
  let kills = 0;

  async function startMember(index: number): Promise<Member> {
    const [grpcPort = 0, httpPort = 0] = ports.slice(index * 2);
    const own = { BOOKING_GRPC_PORT: String(grpcPort), BOOKING_HTTP_PORT: String(httpPort) };
    const readyUrl = `http://127.0.0.1:${httpPort}/readyz`;
    const program = { name: `booking-${index}`, file: main, env: { ...process.env, ...env, ...own }, readyUrl };
    const started = await startProgram({ ...program, logFile: join(folder, `booking-${index}.log`) });
    return { process: started, grpcPort, transport: dial(grpcPort), starting: Promise.resolve() };
  }

  function dial(port: number): GrpcTransport {
    return createGrpcTransport(`127.0.0.1:${port}`, { defaultDeadlineMs: 5_000 });
  }

  function pick(): Member | undefined {
    const living = members.filter(({ transport }) => transport !== undefined);
    return living[Math.floor(random() * living.length)];
  }

  async function revive(member: Member): Promise<void> {
    await member.process.exited;
    await member.process.restart();
    member.transport = dial(member.grpcPort);
  }

  return {
    async client() {
      for (;;) {
        const transport = pick()?.transport;
        if (transport) return createClient(BookingService, transport);
        await sleep(10);
      }
    },
    killOne() {
      const member = pick();
      if (!member?.process.kill('SIGKILL')) return false;
      kills += 1;
      // Calls on their way see the connection break, as they would; the channel is closed once they have.
      const { transport } = member;
      dying.push(sleep(6_000).then(() => transport?.close()));
      member.transport = undefined;
      member.starting = revive(member);
      return true;
    },
    get living() {
      return members.filter(({ transport }) => transport !== undefined).length;
    },
    get kills() {
      return kills;
    },
    async close() {
      const starts = await Promise.allSettled(members.map(({ starting }) => starting));
      await Promise.all(members.map(({ process: each }) => each.stop()));
      await Promise.all(dying);
      for (const { transport } of members) transport?.close();
      for (const start of starts) if (start.status === 'rejected') throw start.reason;
    },
  };
}
