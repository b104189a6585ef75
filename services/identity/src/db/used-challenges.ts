import type { Queryable } from '@mawid/service-kit';

/** Uses a solved puzzle up; false for all but one of those who try at once. */
export async function useChallenge(on: Queryable, signature: Buffer, expiresAt: Date): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'used_challenges.insert',
    text: 'INSERT INTO used_challenges (signature, expires_at) VALUES ($1, $2) ON CONFLICT (signature) DO NOTHING',
    values: [signature, expiresAt],
  });
  return rowCount === 1;
}
