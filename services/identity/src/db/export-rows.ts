import type { Queryable } from '@mawid/service-kit';

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

export interface SessionOfUser {
  id: string;
  givenDeviceId: string | undefined;
  userAgent: string | undefined;
  address: string | undefined;
  amr: string[];
  authenticatedAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  endedAt: Date | undefined;
  endReason: string | undefined;
}

interface SessionRow {
  id: string;
  given_device_id: string | null;
  user_agent: string | null;
  address: string | null;
  amr: string[];
  authenticated_at: Date;
  last_used_at: Date;
  expires_at: Date;
  ended_at: Date | null;
  end_reason: string | null;
}

/** All sessions of a user that are still remembered, ended ones too; the newest first. */
export async function listSessionsOfUser(on: Queryable, userId: string): Promise<SessionOfUser[]> {
  const { rows } = await on.query<SessionRow>({
    name: 'sessions.list_all',
    text: `SELECT id, given_device_id, user_agent, address, amr, authenticated_at, last_used_at, expires_at, ended_at, end_reason
             FROM sessions WHERE user_id = $1 ORDER BY authenticated_at DESC, id DESC`,
    values: [userId],
  });
  return rows.map((row) => ({
    id: row.id,
    givenDeviceId: row.given_device_id ?? undefined,
    userAgent: row.user_agent ?? undefined,
    address: row.address ?? undefined,
    amr: row.amr,
    authenticatedAt: row.authenticated_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at ?? undefined,
    endReason: row.end_reason ?? undefined,
  }));
}
