import { createClient } from '@connectrpc/connect';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { reasonOf } from '@mawid/service-kit';
import { medianOf, quantileOf } from '../quantile.ts';
import type { Bench } from './measure-size.ts';

/** Medians over the storms. */
export interface StormFigures {
  readonly clients: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How many got the time, in each storm. */
  readonly winners: readonly number[];
}

/** So many clients want one time of one person at the same moment, again and again. */
export async function measureStorms(bench: Bench, { storms, clients }: { storms: number; clients: number }) {
  const results: { times: number[]; winners: number }[] = [];
  for (let n = 0; n <= storms; n += 1) results.push(await storm(bench, clients));
  const counted = results.slice(1);
  const figures: StormFigures = {
    clients,
    p50Ms: medianOf(counted.map(({ times }) => quantileOf(times, 0.5))),
    p99Ms: medianOf(counted.map(({ times }) => quantileOf(times, 0.99))),
    winners: results.map(({ winners }) => winners),
  };
  return figures;
}

async function storm({ transport, salons, customers, take }: Bench, clients: number) {
  const client = createClient(BookingService, transport);
  const { salonId, items, startAt } = take();
  const staffId = salons.find(({ id }) => id === salonId)?.staffIds[0] ?? '';
  const wish = { salonId, startAt, items: items.map((item) => ({ ...item, staffId })) };
  const times: number[] = [];
  let winners = 0;
  const book = async (index: number) => {
    const begun = performance.now();
    const answer = await client.createBooking(wish, { headers: customers[index]?.headers ?? {} }).then(
      () => 'booked',
      (error: unknown) => reasonOf(error) ?? String(error),
    );
    times.push(performance.now() - begun);
    if (answer === 'booked') winners += 1;
    else if (answer !== 'SLOT_TAKEN') throw new Error(`a storm was answered ${answer}`);
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => book(index)));
  return { times: times.toSorted((a, b) => a - b), winners };
}
