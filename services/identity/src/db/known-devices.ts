import type { Queryable } from '@mawid/service-kit';

/** Whether somebody has signed in with a code sent to this phone on the device; the phone is that of the user today. */
export async function isKnownDevice(on: Queryable, phoneNumber: string, deviceId: string): Promise<boolean> {
  const { rows } = await on.query({
    name: 'known_devices.find',
    text: `SELECT FROM known_devices d JOIN users u ON u.id = d.user_id WHERE u.phone_number = $1 AND d.device_id = $2`,
    values: [phoneNumber, deviceId],
  });
  return rows.length > 0;
}

export async function saveKnownDevice(on: Queryable, userId: string, deviceId: string, now: Date): Promise<void> {
  await on.query({
    name: 'known_devices.save',
    text: `INSERT INTO known_devices (user_id, device_id, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $3)
           ON CONFLICT (user_id, device_id) DO UPDATE SET last_seen_at = excluded.last_seen_at`,
    values: [userId, deviceId, now],
  });
}
