import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type LocalizedText, LocalizedTextSchema } from '@mawid/contracts/gen/mawid/type/v1/localized_text_pb.js';
import { type Money, MoneySchema } from '@mawid/contracts/gen/mawid/type/v1/money_pb.js';
import type { Name } from '../domain/calendar.ts';

export function toMoney(amount: bigint, currency: string): Money {
  return create(MoneySchema, { amount, currency });
}

export function toText({ ar, en }: Name): LocalizedText {
  return create(LocalizedTextSchema, { ar, en });
}

export function toTimestamp(moment: Date | number): Timestamp {
  return timestampFromMs(Number(moment));
}

/** The end of the years that we can count with. */
export const latestMoment = Date.UTC(9999, 0);

/** Epoch milliseconds, with a fraction where the timestamp is finer; undefined outside of years that we can count with. */
export function toMoment(timestamp: Timestamp | undefined): number | undefined {
  if (!timestamp) return undefined;
  const moment = Number(timestamp.seconds) * 1_000 + timestamp.nanos / 1_000_000;
  return moment >= 0 && moment < latestMoment ? moment : undefined;
}
