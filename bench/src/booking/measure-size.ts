import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type Client, createClient, type Transport } from '@connectrpc/connect';
import { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { waitFor } from '@mawid/dev-stack';
import { type Figures, type Load, type Measured, runRound } from '../measure.ts';
import { medianOf } from '../quantile.ts';
import type { BookingStand } from './booking-stand.ts';
import { nextMidnight, type Wish } from './free-times.ts';
import type { BenchSalon } from './make-salons.ts';
import { createReplay, type Replay } from './pgbench.ts';
import { recordCalls } from './record-calls.ts';

/** Whom the bench books for. */
export interface BenchCustomer {
  readonly id: string;
  readonly headers: { readonly authorization: string };
}

/** All that a measurement works on. */
export interface Bench {
  readonly stand: BookingStand;
  readonly transport: Transport;
  readonly salons: readonly BenchSalon[];
  readonly customers: readonly BenchCustomer[];
  readonly take: () => Wish;
}

/** Medians over the rounds, with so many bookings in the tables. */
export interface SizeFigures {
  readonly create: Figures;
  readonly slots: Figures;
  /** Bookings a second where the same statements are sent without the service. */
  readonly replayPerSecond: number;
  readonly replayBy: string;
}

export interface BookingLoad {
  readonly create: Load;
  readonly slots: Load;
}

interface Size {
  readonly bench: Bench;
  readonly replay: Replay;
  readonly slots: Figures[];
  readonly creates: Figures[];
  readonly rates: number[];
}

/**
 * Measures all sizes, each on a stand of its own, in turn: slots, bookings through the service, bookings by the bare statement, then the
 * next size. So what else the machine does hits all of them alike. The first round warms up.
 */
export async function measureSizes(benches: readonly Bench[], load: BookingLoad): Promise<SizeFigures[]> {
  const sizes: Size[] = [];
  for (const bench of benches) sizes.push(await prepareSize(bench, load));
  const next = counter();
  for (let round = 0; round <= load.create.rounds; round += 1) {
    for (const size of sizes) await runSize(size, load, next);
  }
  return sizes.map(({ slots, creates, rates, replay }) => ({
    create: toMedians(creates.slice(1)),
    slots: toMedians(slots.slice(1)),
    replayPerSecond: medianOf(rates.slice(1)),
    replayBy: replay.by,
  }));
}

async function prepareSize(bench: Bench, { create: { rounds, requests } }: BookingLoad): Promise<Size> {
  const { stand, take, customers } = bench;
  const customerIds = customers.map(({ id }) => id);
  const calls = await recordCalls(stand, { take, customerIds, count: (rounds + 1) * requests });
  const replay = await createReplay(stand, calls);
  await waitUntilServed(bench);
  await stand.settle();
  return { bench, replay, slots: [], creates: [], rates: [] };
}

async function runSize({ bench, replay, slots, creates, rates }: Size, load: BookingLoad, next: () => number) {
  slots.push(await runRound(toSlots(bench), load.slots, next));
  creates.push(await runRound(toCreate(bench), load.create, next));
  await waitUntilServed(bench);
  bench.stand.pause();
  try {
    rates.push(await replay.run(load.create));
  } finally {
    bench.stand.resume();
  }
  await waitUntilServed(bench);
}

// A process that was held still has missed what it was to hear of ended sessions: it trusts no token until it has caught up. And it
// has facts to publish that somebody else wrote: none of that may fall into what is measured next.
async function waitUntilServed({ stand, transport, customers }: Bench): Promise<void> {
  const client = createClient(BookingService, transport);
  const ask = () =>
    client.listBookings({}, { headers: customers[0]?.headers ?? {} }).then(
      () => true,
      () => false,
    );
  await waitFor(ask, (isServed) => isServed || undefined, 60_000);
  const countUnpublished = async () => {
    const { rows } = await stand.client.query('SELECT FROM outbox WHERE published_at IS NULL LIMIT 1');
    return rows.length;
  };
  await waitFor(countUnpublished, (count) => (count === 0 ? true : undefined), 60_000);
}

function toCreate({ stand, transport, customers, take }: Bench): Measured {
  const client: Client<typeof BookingService> = createClient(BookingService, transport);
  const run = async (index: number) => {
    const { headers } = customers[index % customers.length] as BenchCustomer;
    await client.createBooking(take(), { headers });
  };
  return { processes: stand.processes, run };
}

function toSlots({ stand, transport, salons }: Bench): Measured {
  const client = createClient(AvailabilityService, transport);
  const from = nextMidnight();
  const week = { from: timestampFromMs(from), to: timestampFromMs(from + 7 * 86_400_000) };
  const run = async (index: number) => {
    const { id: salonId, serviceId } = salons[index % salons.length] as BenchSalon;
    const { slots } = await client.listSlots({ salonId, serviceIds: [serviceId], ...week });
    if (slots.length === 0) throw new Error('a week without free times');
  };
  return { processes: stand.processes, run };
}

function counter(): () => number {
  let next = 0;
  return () => next++;
}

function toMedians(rounds: readonly Figures[]): Figures {
  const median = (pick: (figures: Figures) => number) => medianOf(rounds.map(pick));
  const names = Object.keys(rounds[0]?.cpuMicros ?? {});
  return {
    perSecond: median((it) => it.perSecond),
    p50Ms: median((it) => it.p50Ms),
    p99Ms: median((it) => it.p99Ms),
    cpuMicros: Object.fromEntries(names.map((name) => [name, median((it) => it.cpuMicros[name] ?? 0)])),
  };
}
