import type { Queryable } from '@mawid/service-kit';

// Each has guesses of its own at the phone's codes, so they cannot be many.
const maxPerUser = 5;

/**
 * Makes a device known. Beyond five, the one not seen for the longest time goes; before it those that never came back, which are
 * the names of clients that keep none.
 */
export async function saveKnownDevice(on: Queryable, userId: string, deviceId: string, now: Date): Promise<void> {
  await on.query({
    name: 'known_devices.save',
    text: `WITH saved AS (
             INSERT INTO known_devices (user_id, device_id, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $3)
             ON CONFLICT (user_id, device_id) DO UPDATE SET last_seen_at = excluded.last_seen_at
           )
           DELETE FROM known_devices
            WHERE user_id = $1 AND device_id IN (
                    SELECT device_id FROM known_devices WHERE user_id = $1 AND device_id <> $2
                     ORDER BY last_seen_at > first_seen_at DESC, last_seen_at DESC OFFSET $4::int - 1)`,
    values: [userId, deviceId, now, maxPerUser],
  });
}

/** Forgets the devices on which a user has signed in by a provider and never by a code, but the one that is named. */
export async function forgetFederatedDevices(
  on: Queryable,
  userId: string,
  deviceId: string | undefined,
): Promise<void> {
  await on.query({
    name: 'known_devices.forget_federated',
    text: `DELETE FROM known_devices d USING (
             SELECT device_id, bool_and('fed' = ANY (amr)) AS is_federated FROM sessions WHERE user_id = $1 GROUP BY device_id
           ) AS s
            WHERE d.user_id = $1 AND d.device_id = s.device_id AND s.is_federated AND d.device_id IS DISTINCT FROM $2`,
    values: [userId, deviceId],
  });
}

export interface DeviceOfUser {
  deviceId: string;
  firstSeenAt: Date;
  lastSeenAt: Date;
}

export async function listDevicesOfUser(on: Queryable, userId: string): Promise<DeviceOfUser[]> {
  const { rows } = await on.query<{ device_id: string; first_seen_at: Date; last_seen_at: Date }>({
    name: 'known_devices.list',
    text: `SELECT device_id, first_seen_at, last_seen_at FROM known_devices WHERE user_id = $1
            ORDER BY last_seen_at DESC, device_id`,
    values: [userId],
  });
  return rows.map((row) => ({ deviceId: row.device_id, firstSeenAt: row.first_seen_at, lastSeenAt: row.last_seen_at }));
}
