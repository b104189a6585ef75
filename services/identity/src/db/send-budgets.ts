import type { Queryable } from '@mawid/service-kit';
import type { Uses } from '../domain/budget.ts';
import type { SendLimits } from '../domain/send-budget.ts';
import { addUsesSql, toUses, toUseValues, type Use, type UsesRow } from './budgets.ts';

/** Whose sends are counted: those of strangers to a phone (lane ''), or of one device that its user is known on. */
export interface SendLane {
  phoneNumber: string;
  lane: string;
}

export interface NewSend extends SendLane {
  now: Date;
  /** Of other budgets, counted along; see `addUses`. */
  uses: readonly Use[];
}

/**
 * Takes one send from the lane's budget, and counts the uses that come with it; undefined when the lane has none left, and
 * nothing was counted. One statement decides and writes, so that parallel requests cannot both take the last one; within a
 * transaction it also makes the requests of one lane wait for each other.
 */
export async function takeSend(on: Queryable, send: NewSend, limits: SendLimits): Promise<Uses[] | undefined> {
  const { rows } = await on.query<Partial<UsesRow>>({
    name: 'send_budgets.take',
    text: `WITH sent AS (
             INSERT INTO send_budgets AS s (phone_number, lane, sent_at) VALUES ($6, $7, ARRAY[$8::timestamptz])
             ON CONFLICT (phone_number, lane) DO UPDATE
                SET sent_at = ARRAY(SELECT t FROM unnest(s.sent_at) t WHERE t > $8 - interval '1 day' ORDER BY t) || $8::timestamptz
              WHERE s.sent_at[cardinality(s.sent_at)] <= $8 - $9::float8 * interval '1 millisecond'
                AND (SELECT count(*) FROM unnest(s.sent_at) t WHERE t > $8 - $10::float8 * interval '1 millisecond') < $11::int
                AND (SELECT count(*) FROM unnest(s.sent_at) t WHERE t > $8 - interval '1 day') < $12::int
             RETURNING 1
           ), added AS (${addUsesSql('sent')})
           SELECT added.* FROM sent LEFT JOIN added ON true`,
    values: [
      ...toUseValues(send.uses, send.now),
      ...[send.phoneNumber, send.lane, send.now],
      ...[limits.cooldownMs, limits.windowMs, limits.maxPerWindow, limits.maxPerDay],
    ],
  });
  return rows.length === 0 ? undefined : toUses(send.uses, rows.filter(isUses));
}

/** When codes were sent on the lane, in order of time. */
export async function listSends(on: Queryable, { phoneNumber, lane }: SendLane): Promise<Date[]> {
  const { rows } = await on.query<{ sent_at: Date[] }>({
    name: 'send_budgets.list',
    text: 'SELECT sent_at FROM send_budgets WHERE phone_number = $1 AND lane = $2',
    values: [phoneNumber, lane],
  });
  return rows[0]?.sent_at ?? [];
}

function isUses(row: Partial<UsesRow>): row is UsesRow {
  return typeof row.axis === 'string';
}
