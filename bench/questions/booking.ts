import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type Client, createClient } from '@connectrpc/connect';
import { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { createGrpcTransport, type GrpcTransport } from '@mawid/rpc';

import { startBookingStand } from '../src/booking/booking-stand.ts';
import { measureStorms } from '../src/booking/conflict-storm.ts';
import { countStatements } from '../src/booking/count-statements.ts';
import { fillBookings } from '../src/booking/fill-bookings.ts';
import { createWishes, nextMidnight } from '../src/booking/free-times.ts';
import { type BenchSalon, makeSalons } from '../src/booking/make-salons.ts';
import { type Bench, type BenchCustomer, measureSizes } from '../src/booking/measure-size.ts';
import { printAims, printSize, printStatements, printStorms } from '../src/booking/print.ts';

export const question = 'What do bookings and free times cost, and does it grow with the number of bookings?';

const [salonCount, staffCount, customerCount] = [50, 6, 200];
/** A quick look stays at the smaller size, which is next to nothing: it shows no growth. */
const sizes = { whole: [20_000, 1_000_000], quick: [20_000] };

function toLoad(isQuick: boolean) {
  const [rounds, requests] = isQuick ? [3, 400] : [7, 1_000];
  return { create: { rounds, requests, concurrency: 8 }, slots: { rounds, requests: 500, concurrency: 1 } };
}

export async function answer({ isQuick }: { isQuick: boolean }): Promise<void> {
  const stands: Filled[] = [];
  try {
    for (const total of isQuick ? sizes.quick : sizes.whole) stands.push(await openFilled(total));
    await answerFor(stands, isQuick);
  } finally {
    for (const { transport, stand } of stands) {
      transport.close();
      await stand.close();
    }
  }
}

type Base = Omit<Bench, 'customers'>;

/** A stand with about so many bookings. */
interface Filled extends Base {
  readonly transport: GrpcTransport;
  readonly count: number;
}

async function openFilled(total: number): Promise<Filled> {
  const stand = await startBookingStand();
  const transport = createGrpcTransport(stand.grpcAddress, { defaultDeadlineMs: 30_000 });
  const salons = await makeSalons(transport, stand.issuer, { salons: salonCount, staff: staffCount });
  const count = await fillBookings(stand.client, salons, total);
  return { stand, transport, salons, take: createWishes(salons), count };
}

async function answerFor(stands: readonly Filled[], isQuick: boolean): Promise<void> {
  const benches = await Promise.all(stands.map(signIn));
  const sizes = await measureSizes(benches, toLoad(isQuick));
  for (const [index, figures] of sizes.entries()) printSize(stands[index]?.count ?? 0, figures);
  const [largest] = stands.slice(-1);
  if (!largest) return;
  const storms = await measureStorms(await signIn(largest), { storms: isQuick ? 5 : 20, clients: 100 });
  printStorms(storms);
  const statements = await countByStaff(largest);
  printStatements(statements);
  printAims({ sizes, storms, statements: statements.map(({ count }) => count) });
}

/** With customers whose tokens are new: no token lives longer than a quarter of an hour. */
async function signIn(base: Base): Promise<Bench> {
  const customers: BenchCustomer[] = [];
  for (let n = 0; n < customerCount; n += 1) {
    const id = crypto.randomUUID();
    const token = await base.stand.issuer.sign({ userId: id, sessionId: crypto.randomUUID() });
    customers.push({ id, headers: { authorization: `Bearer ${token}` } });
  }
  return { ...base, customers };
}

/** Statements of a call for a week's free times, in salons with few and with many staff. */
async function countByStaff({
  stand,
  transport,
}: Omit<Bench, 'customers'>): Promise<{ staff: number; count: number }[]> {
  const client = createClient(AvailabilityService, transport);
  const counts: { staff: number; count: number }[] = [];
  for (const staff of [1, 6, 12]) {
    const [salon] = await makeSalons(transport, stand.issuer, { salons: 1, staff });
    const work = () => listWeek(client, salon as BenchSalon);
    counts.push({ staff, count: await countStatements(stand.metricsUrl, { calls: 50, work }) });
  }
  return counts;
}

async function listWeek(
  client: Client<typeof AvailabilityService>,
  { id: salonId, serviceId }: BenchSalon,
): Promise<void> {
  const from = nextMidnight();
  const week = { from: timestampFromMs(from), to: timestampFromMs(from + 7 * 86_400_000) };
  await client.listSlots({ salonId, serviceIds: [serviceId], ...week });
}
