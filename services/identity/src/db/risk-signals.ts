import type { Queryable } from '@mawid/service-kit';
import type { Uses } from '../domain/budget.ts';
import { type CheckCount, checkWindowMs } from '../domain/spraying.ts';

const hour = 3_600_000;

export interface SignalQuery {
  phoneNumber: string;
  /** Only where its name is ours: nobody can claim to be a known device by guessing. */
  signedDeviceId: string | undefined;
  network: string | undefined;
  budgets: readonly { axis: string; key: string }[];
  now: Date;
}

export interface StoredSignals {
  /** The phone's user has signed in on the device. */
  isKnownDevice: boolean;
  unverifiedSends: number;
  wrongChecks: number;
  checks: CheckCount;
  /** When codes were sent on the caller's lane of the phone, in order of time. */
  sentAt: readonly Date[];
  /** What the budgets hold, by axis; absent where nothing was used yet. */
  standing: ReadonlyMap<string, Uses>;
}

interface Row {
  is_known: boolean;
  sent_at: Date[];
  unverified_sends: number;
  wrong_checks: number;
  accepted: number;
  wrong: number;
  standing: (Uses & { axis: string })[];
}

/** All that the risk of an attempt is judged by, in one round trip. It locks nothing, so a flood that is refused by it is cheap. */
export async function readSignals(on: Queryable, query: SignalQuery): Promise<StoredSignals> {
  const { phoneNumber, signedDeviceId, network, budgets, now } = query;
  const { rows } = await on.query<Row>({
    name: 'risk.read_signals',
    text: `SELECT device.is_known,
                  coalesce((SELECT sent_at FROM send_budgets
                             WHERE phone_number = $1 AND lane = CASE WHEN device.is_known THEN $2 ELSE '' END), '{}') AS sent_at,
                  (SELECT count(*)::int FROM code_requests
                    WHERE phone_number = $1 AND created_at > $4::timestamptz - interval '1 day'
                      AND used_at IS NULL AND undelivered_at IS NULL) AS unverified_sends,
                  (SELECT coalesce(sum(wrong), 0)::int FROM wrong_checks WHERE network = $3 AND slice > $5) AS wrong_checks,
                  checks.accepted, checks.wrong,
                  (SELECT coalesce(json_agg(json_build_object('axis', axis, 'part', b.part, 'counts', b.counts)), '[]')
                     FROM unnest($7::text[], $8::text[]) AS w (axis, key) JOIN budgets b USING (axis, key)) AS standing
             FROM (SELECT EXISTS (SELECT FROM known_devices d JOIN users u ON u.id = d.user_id
                                   WHERE u.phone_number = $1 AND d.device_id = $2) AS is_known) AS device,
                  (SELECT coalesce(sum(accepted), 0)::int AS accepted, coalesce(sum(wrong), 0)::int AS wrong
                     FROM check_counts WHERE slice > $6) AS checks`,
    values: [
      ...[phoneNumber, signedDeviceId, network, now],
      ...[new Date(now.getTime() - hour), new Date(now.getTime() - checkWindowMs)],
      ...[budgets.map(({ axis }) => axis), budgets.map(({ key }) => key)],
    ],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('the statement must return a row');
  return {
    isKnownDevice: row.is_known,
    sentAt: row.sent_at,
    unverifiedSends: row.unverified_sends,
    wrongChecks: row.wrong_checks,
    checks: { accepted: row.accepted, wrong: row.wrong },
    standing: new Map(row.standing.map(({ axis, part, counts }) => [axis, { part, counts }])),
  };
}
